// What going back to a backup would change, what stays unless it is ticked, and the command that does it once CoPaw was stopped.
import { useId, useState } from 'react';
import type { RestoreOfferBody } from '../../../../src/http/contract.ts';
import { useSaid } from '../../settings.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { visible } from '../../ui/visible.ts';
import { useBackupsText } from './text.ts';

type Plan = RestoreOfferBody['plan'];
type Item = Plan['held'][number]['item'];

export function RestorePlan({ plan: { madeHere, replaces, held, command }, encrypted }: { readonly plan: Plan; readonly encrypted: boolean }) {
  const words = useBackupsText();
  const told = useSaid();
  const id = useId();
  const [bring, setBring] = useState<readonly Item[]>([]);
  const toggle = (item: Item): void => setBring((old) => (old.includes(item) ? old.filter((one) => one !== item) : [...old, item]));
  const items = held.map(({ item }) => item).filter((item) => bring.includes(item));
  return (
    <div className="mt-4 space-y-4 border-t border-line pt-4 text-sm">
      {!madeHere && <p className="text-warning">{words.theirs}</p>}
      <section aria-labelledby={`${id}-replaces`}>
        <h3 id={`${id}-replaces`} className="font-medium">
          {words.replaces}
        </h3>
        <ul className="mt-1 list-disc space-y-1 pl-5">
          {replaces.map((line) => (
            <li key={line} className="wrap-anywhere">
              {visible(told(line))}
            </li>
          ))}
        </ul>
      </section>
      {held.length > 0 && (
        <fieldset>
          <legend className="font-medium">{words.stays}</legend>
          <p className="mt-1 text-muted">{words.staysText}</p>
          {held.map(({ item, count }) => (
            <label key={item} className="flex min-h-11 items-center gap-2.5">
              <input type="checkbox" className="size-4 accent-accent" checked={bring.includes(item)} onChange={() => toggle(item)} />
              <span>
                {count} × {words.items[item]}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="space-y-2">
        <p>{words.stop}</p>
        <CodeBlock text={items.length === 0 ? command : `${command} --with ${items.join(',')}`} language="" />
        <p className="text-muted">{encrypted ? words.asksNothing : words.asks}</p>
      </div>
    </div>
  );
}
