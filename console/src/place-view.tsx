// One page beside the conversations, as it comes: a word while it is loaded, and a way on where it cannot be.
import { Suspense } from 'react';
import { Loaded, NotLoaded } from './loaded.tsx';
import type { PageName } from './page-names.ts';
import { pages } from './pages.tsx';
import { useText } from './settings.tsx';

export function PlaceView({ page }: { readonly page: PageName }) {
  const t = useText();
  const { View } = pages[page];
  return (
    <Loaded
      instead={
        <div className="p-6">
          <NotLoaded />
        </div>
      }
    >
      <Suspense
        fallback={
          <p role="status" className="p-6 text-muted">
            {t.loading}
          </p>
        }
      >
        <View />
      </Suspense>
    </Loaded>
  );
}
