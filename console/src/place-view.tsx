// One page beside the conversations, as it comes: a word while it is loaded, and a way on where it cannot be.
import { Component, type ReactNode, Suspense } from 'react';
import type { PageName } from './page-names.ts';
import { pages } from './pages.tsx';
import { useText } from './settings.tsx';

export function PlaceView({ page }: { readonly page: PageName }) {
  const t = useText();
  const { View } = pages[page];
  return (
    <Caught instead={<NotLoaded />}>
      <Suspense
        fallback={
          <p role="status" className="p-6 text-muted">
            {t.loading}
          </p>
        }
      >
        <View />
      </Suspense>
    </Caught>
  );
}

/** The server was updated or is away: only loading the console again helps, and the conversation is on the server. */
function NotLoaded() {
  const t = useText();
  return (
    <div className="p-6" role="alert">
      <p className="mb-4">{t.pageNotLoaded}</p>
      <button type="button" className="button-primary" onClick={() => location.reload()}>
        {t.reload}
      </button>
    </div>
  );
}

class Caught extends Component<{ readonly instead: ReactNode; readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true };
  }
  override render(): ReactNode {
    return this.state.failed ? this.props.instead : this.props.children;
  }
}
