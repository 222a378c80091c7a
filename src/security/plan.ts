// The one object an approval binds to (R15): its canonical form, its digest, and how its texts are shown to people.
import { createHash } from 'node:crypto';
import type { Plan } from '../core/policy.ts';

/** Plain JSON with sorted keys. Throws for anything JSON would change silently (functions, dates, NaN, cycles). */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item)).join(',')}]`;
  if (typeof value === 'object' && [null, Object.prototype].includes(Object.getPrototypeOf(value))) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
  }
  throw new TypeError('Not plain JSON.');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** sha256 over the canonical form of every member but `digest`. */
export function digestOf(plan: Omit<Plan, 'digest'>): string {
  return sha256(canonical({ ...plan, digest: undefined }));
}

/** The finished plan, frozen to its leaves: what is judged is what is shown and what runs. */
export function sealPlan(plan: Omit<Plan, 'digest'>): Plan {
  return freeze({ ...plan, digest: digestOf(plan) });
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}

/** Default-ignorable (zero-width, bidi, fillers, selectors, tags), other format, lone surrogates, line separators, control but line feed and tab. */
const hidden = /[\p{DI}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?![\n\t])\p{Cc}/gu;

/** The text with every character a person cannot see written as `\u{…}`. Nothing is cut. */
export function escapeForDisplay(text: string): string {
  return text.replace(hidden, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Whether any text in a plain JSON value, keys included, holds characters a person cannot see. */
export function hasHiddenCharacters(value: unknown): boolean {
  if (typeof value === 'string') return escapeForDisplay(value) !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => hasHiddenCharacters(key) || hasHiddenCharacters(member));
}
