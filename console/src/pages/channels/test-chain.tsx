// What the test of a channel account showed, link by link.
import type { ChannelTestBody } from '../../../../src/http/contract.ts';
import { useText } from '../../settings.tsx';
import { CheckIcon, CrossIcon } from '../../ui/icons.tsx';
import { visible } from '../../ui/visible.ts';
import { useChannelsText, useKindWords } from './text.ts';

export function TestChain({ test }: { readonly test: ChannelTestBody }) {
  const words = useChannelsText();
  const { said, join } = useKindWords();
  const { marks } = useText();
  const told = (text = '', state = ''): string => said(test.channel, text) ?? (state === 'failed' ? words.verbatim(text) : text);
  return (
    <div role="status" className="mt-3 rounded-lg bg-sunken px-4 py-3 text-sm">
      <p className={test.ok ? 'font-medium text-accent' : 'font-medium text-danger'}>{test.ok ? words.testOk : words.testBad}</p>
      <ol className="mt-2 space-y-1.5">
        {test.links.map(({ link, state, detail, next }) => (
          <li key={link} className="flex gap-2">
            {state === 'ok' && <CheckIcon className="mt-0.5 size-4 shrink-0 text-accent" />}
            {state === 'failed' && <CrossIcon className="mt-0.5 size-4 shrink-0 text-danger" />}
            {state === 'open' && (
              <span aria-hidden="true" className="w-4 shrink-0 text-center text-muted">
                –
              </span>
            )}
            <span className="min-w-0 break-words">
              {words.links[link]}
              <span className="sr-only">{marks.colon + words.states[state]}</span>
              <span className="text-muted"> · {visible(join(told(detail, state), told(next)))}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
