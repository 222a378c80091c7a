// A conversation as long as a test wants, as a file that `copaw sessions import` takes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What CoPaw says in turn n: now short, now a page with a list, code and a table. */
function answerOf(turn: number): string {
  const words = `Answer ${turn} is about **things** and \`code\`, with [a link](https://example.org/${turn}).`;
  if (turn % 5 !== 0) return words;
  const list = Array.from({ length: 6 }, (_, index) => `- point ${index} of ${turn}`).join('\n');
  return `## Answer ${turn}\n\n${words}\n\n${list}\n\n\`\`\`ts\nconst answer = ${turn};\n\`\`\`\n\n| a | b |\n|---|---|\n| ${turn} | 2 |\n\nThat is all.`;
}

/** Two messages a turn: "Question n", and its answer. */
export function chatLines(turns: number, answer: (turn: number) => string = answerOf): string {
  const now = Date.now();
  const session = { id: 'long', title: 'A long conversation', createdAt: now, updatedAt: now };
  const lines: unknown[] = [{ copaw: 'session', version: 1 }, { session }];
  for (let turn = 0; turn < turns; turn++) {
    const id = `t${turn}`;
    const place = { id: String(turn + 1), sessionId: 'long', turnId: id, at: now };
    const sender = { id: 'operator' };
    const asked = { role: 'user', id: `console:local:long:m${turn}`, text: `Question ${turn}`, attachments: [], sender, origin: 'operator' };
    const said = { role: 'assistant', id: `a${turn}`, step: 0, text: answer(turn), toolCalls: [], model: 'bench/bench' };
    const usage = { input: 10, cachedInput: 0, output: 5, reasoning: 0 };
    lines.push(
      { turn: { id, origin: 'operator', sender, outcome: 'answered', startedAt: now, endedAt: now } },
      { event: { ...place, type: 'turn-start', origin: 'operator', answerId: `a${turn}`, resumed: false } },
      { event: { ...place, type: 'message', message: asked } },
      { event: { ...place, type: 'message', message: said } },
      { event: { ...place, type: 'turn-end', outcome: 'answered', answerId: `a${turn}`, usage } },
    );
  }
  lines.push({ end: { entries: 4 * turns } });
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** Imports these lines with `copaw`, and resolves with the id that the conversation has got. */
export async function importChat(copaw: (...args: readonly string[]) => Promise<string>, lines: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'copaw-chat-'));
  try {
    const file = join(folder, 'chat.jsonl');
    writeFileSync(file, lines);
    const said = await copaw('sessions', 'import', file, '--json');
    const id = /"id":\s*"([^"]+)"/u.exec(said)?.[1];
    if (id === undefined) throw new Error(`No session was imported: ${said.slice(0, 300)}`);
    return id;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
