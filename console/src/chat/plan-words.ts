// The effects of a plan in words and exact values, so that what is approved is what is read.
import type { Plan } from '../../../src/http/contract.ts';
import type { Text } from '../text/text.ts';
import { visible, visibleJson } from '../ui/visible.ts';

type Effect = Plan['effects'][number];

export interface EffectWords {
  readonly title: string;
  /** Exact; nothing cut and nothing hidden. */
  readonly detail: string;
  /** Beside it, for example the directory. */
  readonly note?: string;
}

export function effectWords(effect: Effect, t: Text, when: (at: number) => string): EffectWords {
  switch (effect.kind) {
    case 'read':
    case 'write':
    case 'delete':
      return { title: t.effect[effect.kind], detail: visible(effect.path) };
    case 'run': {
      const title = !effect.sandboxed ? t.effect.runOutside : effect.network ? t.effect.runNetwork : t.effect.run;
      const detail = effect.argv ? effect.argv.map(quoteArgument).join(' ') : visible(effect.command ?? '');
      return { title, detail, ...(effect.cwd === '' || effect.cwd === '.' ? {} : { note: visible(effect.cwd) }) };
    }
    case 'net':
      return { title: t.effect.net, detail: `${effect.method} ${visible(effect.url)}` };
    case 'memory':
      return { title: t.effect.memory, detail: effect.access };
    case 'send':
      return { title: t.effect.send, detail: visibleJson(effect.to) };
    case 'schedule':
      return { title: t.effect.schedule, detail: visible(effect.text), note: when(effect.dueAt) };
    case 'secret':
      return { title: t.effect.secret, detail: `${visible(effect.ref)} → ${visible(effect.origin)}` };
    case 'agent':
      return { title: t.effect.agent, detail: visible(effect.id) };
    case 'opaque':
      return { title: t.effect.opaque, detail: visible(effect.what) };
  }
}

/** One argument so that its ends are clear: plain words as they are, anything else in quotes. */
export function quoteArgument(argument: string): string {
  return /^[\w./:=@%+,~-]+$/u.test(argument) ? argument : visible(JSON.stringify(argument));
}

/** Top-level arguments one by one: text as it is, everything else as JSON. */
export function argumentLines(args: unknown): readonly { readonly name: string; readonly value: string }[] {
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return args === undefined ? [] : [{ name: '', value: visibleJson(args) }];
  return Object.entries(args).map(([name, value]) => ({ name: visible(name), value: typeof value === 'string' ? visible(value) : visibleJson(value) }));
}
