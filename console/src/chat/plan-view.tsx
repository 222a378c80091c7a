// A plan as a person reads it before they answer: effects, arguments, and behind a fold the whole object that the answer binds to.
import type { Plan } from '../../../src/http/contract.ts';
import { useSettings } from '../settings.tsx';
import { Scroller } from '../ui/code-frame.tsx';
import { shortTime } from '../ui/format.ts';
import { ChevronIcon } from '../ui/icons.tsx';
import { visible, visibleJson } from '../ui/visible.ts';
import { ArgumentList } from './argument-list.tsx';
import { argumentLines, effectWords } from './plan-words.ts';

export function PlanView({ plan }: { readonly plan: Plan }) {
  const { text: t, locale } = useSettings();
  const when = (at: number): string => shortTime(at, Date.now(), locale);
  const effects = plan.effects.map((effect) => effectWords(effect, t, when));
  // An argument that stands whole in an effect is not said twice.
  const rest = argumentLines(plan.args).filter(({ value }) => !effects.some(({ detail }) => detail === value));
  return (
    <div className="mt-3 space-y-3">
      {effects.map((effect, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the effects of a plan do not change
        <section key={index}>
          <h3 className="label">
            {effect.title}
            {effect.note !== undefined && <span className="normal-case"> · {effect.note}</span>}
          </h3>
          <pre className="exact">{effect.detail}</pre>
        </section>
      ))}
      {rest.length > 0 && (
        <section>
          <h3 className="label">
            {t.toolArguments} · <span className="font-mono normal-case">{visible(plan.tool)}</span>
          </h3>
          <ArgumentList lines={rest} whole />
        </section>
      )}
      <details className="fold">
        <summary>
          <ChevronIcon className="chevron size-4" />
          {t.approvalPlan}
        </summary>
        <div className="code mt-2">
          <Scroller>{visibleJson(plan)}</Scroller>
        </div>
      </details>
    </div>
  );
}
