// Named attacks. An id is the rule, a number that stays, and for one attack in many spellings the place in its list: R16-01.s07.
import { test } from 'vitest';

/** The id of an attack in the name of its test, which may stand behind the names of its groups. */
export const attackId = /(?:^| > )(R\d{1,2}-\d{2}(?:\.s\d{2,3})?) /u;

/** One attack. The test passes where the attack has no effect. */
export function attack(id: `R${number}-${number}`, name: string, run: () => unknown, timeoutMs?: number): void {
  test(`${id} ${name}`, { ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }) }, async () => {
    await run();
  });
}

/** One attack in many spellings, each a test of its own. Add at the end, and put null in the place of one that is taken away: the numbers are part of the ids. */
export function spellings(id: `R${number}-${number}`, name: string, list: readonly (string | null)[], run: (spelling: string, index: number) => unknown): void {
  list.forEach((spelling, index) => {
    if (spelling === null) return;
    const shown = JSON.stringify(spelling.length > 120 ? `${spelling.slice(0, 120)}…` : spelling);
    test(`${id}.s${String(index + 1).padStart(2, '0')} ${name}: ${shown}`, async () => {
      await run(spelling, index);
    });
  });
}
