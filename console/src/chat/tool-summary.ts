// The one argument that says most about a call, for its folded line. The card itself shows them all.
import { quoteArgument } from './plan-words.ts';

const telling = ['command', 'argv', 'path', 'url', 'query', 'pattern', 'text'] as const;

export function toolSummary(args: unknown): string {
  if (typeof args !== 'object' || args === null) return '';
  const given = args as Readonly<Record<string, unknown>>;
  const key = telling.find((name) => given[name] !== undefined);
  const value = key === undefined ? undefined : given[key];
  if (Array.isArray(value)) return value.map((part) => quoteArgument(String(part))).join(' ');
  return typeof value === 'string' ? value.replaceAll(/\s*\n\s*/gu, ' ⏎ ') : '';
}
