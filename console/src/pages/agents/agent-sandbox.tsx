// Where the commands of an agent run, and what they reach there.
import type { Agents } from '../../../../src/http/contract.ts';
import { useSaid, useText } from '../../settings.tsx';
import { visible } from '../../ui/visible.ts';
import { usePermissionsText } from '../permissions/text.ts';
import { useAgentsText } from './text.ts';

export function AgentSandbox({ sandbox }: Pick<Agents['agents'][number], 'sandbox'>) {
  const words = useAgentsText();
  const told = useSaid();
  const { marks } = useText();
  const { sandbox: inWords } = usePermissionsText();
  const { kind, reason, readOnly, writable, network } = sandbox;
  const rows = [
    [words.readOnly, readOnly],
    [words.writable, writable],
    ...(network ? [[words.network, [...network.hosts, ...network.privateHosts]] as const] : []),
  ] as const;
  const shown = rows.filter(([name, held]) => held.length > 0 || name === words.network);
  return (
    <section className="mb-6">
      <h3 className="mb-1 font-semibold">{words.sandbox}</h3>
      <p className={`text-sm ${['none', 'off'].includes(kind) ? 'text-warning' : 'text-muted'}`}>{inWords(kind, reason && told(reason))}</p>
      {shown.length > 0 && (
        <dl className="mt-2 space-y-1 text-sm">
          {shown.map(([name, held]) => (
            <div key={name}>
              <dt className="inline text-muted">{name + marks.colon}</dt>
              <dd className="inline wrap-anywhere">{held.length === 0 ? words.nothing : held.map(visible).join(marks.list)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
