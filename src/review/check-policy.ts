// Rules, standing permissions and budgets: what never matters, what is broad, what is old.
import type { PolicyRule } from '../core/config.ts';
import { isEffectRow } from '../core/verdict-table.ts';
import { type Check, dayMs, type Facts, type Spotted, when } from './facts.ts';

type Placed = PolicyRule & { readonly at: string };

/** The rules that can meet: those of all, and those of one agent after them. */
function ruleSets({ config }: Facts): readonly (readonly Placed[])[] {
  const placed = (rules: readonly PolicyRule[], at: string): Placed[] => rules.map((rule, index) => ({ ...rule, at: `${at}.${index}` }));
  const shared = placed(config?.rules ?? [], 'rules');
  return [shared, ...Object.entries(config?.agents ?? {}).map(([id, agent]) => [...shared, ...placed(agent.rules, `agents.${id}.rules`)])];
}

function eachRule(facts: Facts, look: (rule: Placed, others: readonly Placed[]) => string | undefined): readonly Spotted[] {
  const seen = new Map<string, string>();
  for (const rules of ruleSets(facts))
    for (const rule of rules) {
      const what = look(rule, rules.slice(0, rules.indexOf(rule)));
      if (what !== undefined) seen.set(rule.at, what);
    }
  return [...seen].map(([where, what]) => ({ what, where }));
}

const matchers = ['origin', 'tool', 'effect', 'channel', 'account'] as const;
const strictness = { allow: 0, ask: 1, deny: 2 } as const;

/** Suffixes under which anybody gets a name of their own. */
const anybodysHosts =
  /^(?:github\.io|gitlab\.io|pages\.dev|workers\.dev|vercel\.app|netlify\.app|herokuapp\.com|web\.app|firebaseapp\.com|blogspot\.com|wordpress\.com|amazonaws\.com|cloudfront\.net|azurewebsites\.net|ngrok\.io|ngrok-free\.app|trycloudflare\.com|glitch\.me|repl\.co|r2\.dev|s3\.amazonaws\.com)$/u;

export const policyChecks: readonly Check[] = [
  {
    id: 'rule-unknown-effect',
    severity: 'high',
    why: 'Until it is corrected no tool of that agent runs.',
    fix: 'Use a row of the verdict table; `copaw policy show` prints it.',
    look: (facts) => eachRule(facts, ({ effect }) => (effect !== undefined && !isEffectRow(effect) ? `"${effect}" is no effect.` : undefined)),
  },
  {
    id: 'rule-unknown-tool',
    severity: 'medium',
    why: 'It matches nothing, so it protects nothing.',
    fix: 'Correct the name of the tool, or remove the rule.',
    look: (facts) => eachRule(facts, ({ tool }) => (tool !== undefined && !facts.tools.includes(tool) ? `There is no tool "${tool}".` : undefined)),
  },
  {
    id: 'rule-changes-nothing',
    severity: 'low',
    why: 'Rules only make verdicts stricter: one that allows never matters.',
    fix: 'Remove the rule. To be asked less often, answer an approval with "always".',
    look: (facts) => eachRule(facts, ({ verdict }) => (verdict === 'allow' ? 'It says "allow".' : undefined)),
  },
  {
    id: 'rule-covered',
    severity: 'low',
    why: 'An earlier, wider and at least as strict rule decides in every case.',
    fix: 'Remove one of the two.',
    look: (facts) =>
      eachRule(facts, (rule, earlier) => {
        const cover = earlier.find(
          (other) => strictness[other.verdict] >= strictness[rule.verdict] && matchers.every((key) => other[key] === undefined || other[key] === rule[key]),
        );
        return cover && rule.verdict !== 'allow' ? `${cover.at} covers it.` : undefined;
      }),
  },
  {
    id: 'route-to-nobody',
    severity: 'medium',
    why: 'The first agent answers there instead, with its tools and its memory.',
    fix: 'Name an agent that there is, or remove the route.',
    look: ({ config }) =>
      (config?.routes ?? []).flatMap(({ agent }, at) =>
        when(!Object.hasOwn(config?.agents ?? {}, agent), `There is no agent "${agent}" under "agents", so nothing takes this way.`, `routes.${at}.agent`),
      ),
  },
  {
    id: 'known-host-wide',
    severity: 'medium',
    why: 'A model can put what it read into an address; on such a host anybody may be listening.',
    fix: 'Name the hosts exactly.',
    look: ({ config }) =>
      Object.entries(config?.agents ?? {}).flatMap(([id, { knownHosts }]) =>
        knownHosts
          .filter((host) => {
            const suffix = host.replace(/^\*\.?/u, '').toLowerCase();
            return host.startsWith('*') && (!suffix.includes('.') || anybodysHosts.test(suffix));
          })
          .map((host) => ({ what: `"${host}" covers hosts of strangers.`, where: `agents.${id}.knownHosts ${host}` })),
      ),
  },
  {
    id: 'grant-broad',
    severity: 'medium',
    why: 'It lets a command out of the sandbox or onto the network without asking.',
    fix: 'Take it back, and say yes once instead of always.',
    look: ({ grants }) =>
      grants
        .filter(
          ({ scope, template }) =>
            scope === 'always' && template.startsWith('argv ') && (template.endsWith(' unsandboxed') || / network (?!false)/u.test(template)),
        )
        .map(({ id, template }) => ({ what: `Always allowed: ${template}`, where: id })),
  },
  {
    id: 'grant-old',
    severity: 'low',
    why: 'What was right half a year ago may not be any more.',
    fix: 'Take back what you no longer use.',
    look: ({ grants, now }) =>
      grants
        .filter(({ scope, createdAt }) => scope === 'always' && now - createdAt > 180 * dayMs)
        .map(({ id, template }) => ({ what: `Always allowed for over half a year: ${template}`, where: id })),
  },
  {
    id: 'grants-many',
    severity: 'low',
    why: 'Nobody remembers so many.',
    fix: 'Take back what you no longer use.',
    look: ({ grants }) => {
      const { length } = grants.filter(({ scope }) => scope === 'always');
      return when(length > 50, `${length} things are allowed for good.`, 'grants');
    },
  },
  {
    id: 'budget-huge',
    severity: 'medium',
    why: 'The budget is what ends a loop that costs money.',
    fix: 'Set limits.dayCost and limits.dayTokens to what a day may really cost.',
    look: ({ config }) => [
      ...when((config?.limits.dayCost ?? 0) > 200, `A day may cost ${config?.limits.dayCost} dollars.`, 'limits.dayCost'),
      ...when((config?.limits.dayTokens ?? 0) > 200_000_000, `A day may use ${config?.limits.dayTokens} tokens.`, 'limits.dayTokens'),
    ],
  },
  {
    id: 'turn-unlimited',
    severity: 'low',
    why: 'One turn that goes astray can use up the day.',
    fix: 'Set a smaller number.',
    look: ({ config }) => [
      ...when((config?.limits.turnTokens ?? 0) > 20_000_000, `A turn may use ${config?.limits.turnTokens} tokens.`, 'limits.turnTokens'),
      ...Object.entries(config?.agents ?? {}).flatMap(([id, { stepLimit }]) =>
        when(stepLimit > 200, `A turn may take ${stepLimit} steps.`, `agents.${id}.stepLimit`),
      ),
    ],
  },
  {
    id: 'approval-long',
    severity: 'low',
    why: 'Who says yes days later no longer knows what was asked.',
    fix: 'Set limits.approvalMinutes to a day or less.',
    look: ({ config }) =>
      when((config?.limits.approvalMinutes ?? 0) > 24 * 60, `An approval waits ${config?.limits.approvalMinutes} minutes.`, 'limits.approvalMinutes'),
  },
];
