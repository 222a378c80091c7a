// `copaw memory` as a person runs it: on a home where no server runs, and through the running one.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from './command-line.ts';

let home: CommandHome;
afterEach(() => home.close());

/** Finds, forgets and brings back, and says what it did as JSON. */
async function useMemory(): Promise<void> {
  const file = join(home.workspace, 'MEMORY.md');
  writeFileSync(file, '# Memory\n\n- 2026-01-05 likes green tea\n- 2026-01-06 likes walking\n');
  const json = async (...words: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await home.run('memory', ...words, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout);
  };
  expect(await json('search', 'green', 'tea')).toMatchObject({ hits: [{ path: 'MEMORY.md', lines: [3, 3], text: '- 2026-01-05 likes green tea' }] });
  expect(await json('list')).toMatchObject({ agentId: 'main', files: [{ path: 'MEMORY.md', state: 'indexed' }, { path: 'PROFILE.md' }] });
  const gone = (await json('forget', 'MEMORY.md', 'green')) as { readonly undoId: string };
  expect(readFileSync(file, 'utf8')).toBe('# Memory\n\n- 2026-01-06 likes walking\n');
  expect((await home.run('undo', gone.undoId)).code).toBe(0);
  expect(await home.run('memory', 'show', 'MEMORY.md')).toMatchObject({ code: 0, stdout: readFileSync(file, 'utf8') });
  expect(await json('stats')).toMatchObject({ files: 2, digest: { leftNotes: 0 } });
  expect(await home.run('memory', 'show', 'AGENTS.md')).toMatchObject({ code: 1, stdout: '' });
}

test('on a home where no server runs', { timeout: 60_000 }, async () => {
  home = openCommandHome({});
  await useMemory();
});

test('through the running server, which also says what a conversation sees', { timeout: 60_000 }, async () => {
  home = openCommandHome({});
  const server = await home.start();
  await useMemory();
  await home.ask('What time is it?');
  const { stdout } = await home.run('memory', 'sees');
  expect(stdout).toContain('private memory: yes (you alone); files: yes; commands: yes  What time is it?');
  await server.end('SIGTERM');
});
