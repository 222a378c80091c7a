// What is in the home and not in a backup, folded up.
import type { BackupReportBody } from '../../../../src/http/contract.ts';
import { useSaid, useText } from '../../settings.tsx';
import { ChevronIcon } from '../../ui/icons.tsx';
import { visible } from '../../ui/visible.ts';
import { useBackupsText } from './text.ts';

export function LeftOut({ all }: { readonly all: BackupReportBody['backup']['leftOut'] }) {
  const words = useBackupsText();
  const told = useSaid();
  const { marks } = useText();
  if (all.length === 0) return null;
  return (
    <details className="fold">
      <summary>
        <ChevronIcon className="chevron size-4" />
        {words.leftOut(all.length)}
      </summary>
      <ul className="mt-2 space-y-1 text-sm text-muted">
        {all.map(({ path, why }) => (
          <li key={path} className="wrap-anywhere">
            <span className="font-mono text-xs">{visible(path)}</span>
            {marks.colon + told(why)}
          </li>
        ))}
      </ul>
    </details>
  );
}
