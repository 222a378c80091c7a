// One line for each effect: what would happen, and what decides it.
import type { PermissionPreview } from '../../../../src/http/contract.ts';
import { useSaid, useText } from '../../settings.tsx';
import { visible } from '../../ui/visible.ts';
import { usePermissionsText } from './text.ts';

const colours = { allow: 'text-muted', ask: 'text-warning', deny: 'text-danger' } as const;

export function PermissionRows({ rows }: Pick<PermissionPreview, 'rows'>) {
  const t = usePermissionsText();
  const told = useSaid();
  const { marks } = useText();
  return (
    <div className="mb-8 overflow-x-auto">
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b border-line text-muted">
            <th scope="col" className="py-2 pr-4 font-medium">
              {t.effect}
            </th>
            <th scope="col" className="py-2 pr-4 font-medium">
              {t.verdict}
            </th>
            <th scope="col" className="py-2 font-medium">
              {t.why}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.effect} ${row.own === true} ${row.grant ?? ''}`} className="border-b border-line align-top">
              <th scope="row" className="py-2 pr-4 font-normal break-words">
                {row.grant === undefined ? t.effects[row.effect] : <code className="break-all">{visible(row.grant)}</code>}
                {row.own === true && <span className="text-muted">{marks.aside(t.own)}</span>}
              </th>
              <td className={`py-2 pr-4 whitespace-nowrap ${colours[row.verdict]}`}>{t.verdicts[row.verdict]}</td>
              <td className="py-2 break-words text-muted">
                {row.because.map(({ by, detail }) => t.causes[by] + marks.colon + visible(told(detail))).join(marks.semicolon)}
                {row.rule !== '' && marks.aside(row.rule)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
