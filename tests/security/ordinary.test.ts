// The other half of security: what people do every day works with the default config, and in allow cells nobody is asked.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { only } from '../app/events.ts';
import { openWorld, type World } from '../app/harness.ts';
import { type Call, createScriptedModel } from '../app/scripted-model.ts';
import { folders, openSenderWorld, type SenderWorld } from './sender-world.ts';

const sandboxed = (await probeSandbox()).kind !== 'none';
const model = createScriptedModel();
let world: World;
let senders: SenderWorld;
beforeAll(async () => {
  world = await openWorld({ provider: model.provider });
  senders = await openSenderWorld();
  for (const workspace of [world.workspace, senders.workspace]) prepare(workspace);
});
afterAll(async () => {
  expect([...world.faults, ...senders.faults]).toEqual([]);
  await world.close();
  await senders.close();
});

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
function prepare(workspace: string): void {
  mkdirSync(join(workspace, 'project/src'), { recursive: true });
  writeFileSync(join(workspace, 'project/src/main.py'), 'def add(a, b):\n    return a + b\n\nprint(add(2, 3))\n');
  writeFileSync(join(workspace, 'project/notes.md'), '# Notes\n\n- buy milk\n- call Miso\n');
  writeFileSync(join(workspace, 'project/data.csv'), 'name,amount\nrent,900\nfood,300\n');
  writeFileSync(join(workspace, 'pixel.png'), Buffer.from(pixel, 'base64'));
  for (const name of ['old.txt', 'older.txt', '.hidden', 'with space.txt', '数据.txt']) writeFileSync(join(workspace, name), `${name}\n`);
}

/** What is done, the call, and what its result holds. */
const actions: readonly (readonly [what: string, call: Call, says?: RegExp])[] = [
  ['asks the time', ['current_time', {}], /\d{4}-\d\d-\d\d/u],
  ['lists the workspace', ['list_files', {}], /project\//u],
  ['lists everything below', ['list_files', { recursive: true }], /main\.py/u],
  ['lists a folder', ['list_files', { path: 'project' }], /notes\.md/u],
  ['reads a file', ['read_file', { path: 'project/notes.md' }], /milk/u],
  ['reads a part of a file', ['read_file', { path: 'project/src/main.py', offset: 2, limit: 1 }], /return a/u],
  ['reads a hidden file', ['read_file', { path: '.hidden' }], /hidden/u],
  ['reads a file with a space in its name', ['read_file', { path: 'with space.txt' }], /space/u],
  ['reads a file with a Chinese name', ['read_file', { path: '数据.txt' }], /数据/u],
  ['reads its persona', ['read_file', { path: 'SOUL.md' }]],
  ['searches a word', ['search_files', { pattern: 'Miso' }], /notes\.md:4/u],
  ['searches by a pattern', ['search_files', { pattern: 'def \\w+', regex: true, include: '*.py' }], /main\.py:1/u],
  ['writes a file', ['write_file', { path: 'project/new.txt', content: 'hello\n' }]],
  ['writes into a new folder', ['write_file', { path: 'a/b/c.txt', content: 'deep\n' }]],
  ['overwrites a file', ['write_file', { path: 'project/new.txt', content: 'hello again\n' }]],
  ['writes a file with a Chinese name', ['write_file', { path: '笔记/今天.md', content: '早上好\n' }]],
  ['edits a file', ['edit_file', { path: 'project/notes.md', oldText: 'buy milk', newText: 'buy bread' }]],
  ['edits its own profile', ['write_file', { path: 'PROFILE.md', content: 'Likes tea.\n' }]],
  ['writes a .gitignore', ['write_file', { path: 'project/.gitignore', content: 'dist\n' }]],
  ['deletes a file', ['delete_file', { path: 'old.txt' }], /trash/u],
  ['deletes a folder', ['delete_file', { path: 'a' }], /trash/u],
  ['looks at a picture', ['view_image', { path: 'pixel.png' }], /image\/png/u],
  ['sends a file to the person', ['send_file', { path: 'project/data.csv', caption: 'here' }], /goes out/u],
  ['keeps a note', ['memory_write', { path: 'MEMORY.md', text: 'The cat is called Miso.' }]],
  ['keeps a note of the day', ['memory_write', { path: 'memory/cats.md', text: 'Miso likes fish.' }]],
  ['finds a note', ['memory_search', { query: 'Miso' }], /Miso/u],
  ['reads its notes', ['memory_read', { path: 'memory/cats.md' }], /fish/u],
  ['replaces a note', ['memory_write', { path: 'memory/cats.md', text: 'Miso likes chicken.', replaces: 'fish' }]],
  ['forgets a note', ['memory_forget', { path: 'memory/cats.md', note: 'chicken' }], /trash/u],
  ['sets a reminder in some time', ['remind_me', { text: 'stretch', inSeconds: 3_600 }], /reminder/u],
  ['sets a reminder at a time', ['remind_me', { text: 'dentist', at: '2035-01-01T09:00' }], /2035/u],
];
const commands: readonly (readonly [what: string, input: object, says?: RegExp])[] = [
  ['runs a program', { argv: ['echo', 'hello'] }, /hello/u],
  ['runs a pipe', { command: 'cat project/data.csv | tail -n +2 | sort' }, /food,300\nrent,900/u],
  ['runs a program of Python', { argv: ['python3', '-c', 'print(sum(range(5)))'] }, /10/u],
  ['runs a script of the workspace', { command: 'python3 src/main.py', cwd: 'project' }, /5/u],
  ['runs node', { argv: ['node', '-e', 'console.log(6 * 7)'] }, /42/u],
  [
    'makes a repository and commits',
    { command: 'git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm first && git log --oneline', cwd: 'project' },
    /first/u,
  ],
  ['looks at a diff', { command: 'echo x >> notes.md; git diff --stat', cwd: 'project' }, /notes\.md/u],
  ['makes a branch', { command: 'git checkout -q -b topic && git branch', cwd: 'project' }, /\* topic/u],
  ['packs and unpacks', { command: 'tar czf p.tgz project && mkdir -p un && tar xzf p.tgz -C un && ls un' }, /project/u],
  ['counts words', { command: 'wc -w project/notes.md' }, /\d+ project/u],
  ['finds files', { command: "find . -name '*.py' -not -path './un/*'" }, /main\.py/u],
  ['replaces in files', { command: "sed -i 's/rent/home/' project/data.csv && cat project/data.csv" }, /home,900/u],
  ['uses /tmp', { command: 'echo tmp > /tmp/x && cat /tmp/x' }, /tmp/u],
  ['uses variables, loops and here-documents', { command: 'for i in 1 2 3; do printf "%s-" "$i"; done; cat <<E\nend\nE' }, /1-2-3-end/u],
  ['writes an executable and runs it', { command: 'printf "#!/bin/sh\\necho mine\\n" > mine.sh && chmod +x mine.sh && ./mine.sh' }, /mine/u],
  ['sees which programs there are', { command: 'command -v sh git awk' }, /sh/u],
];

async function operatorDoes(call: Call): Promise<readonly PlacedEvent[]> {
  model.play([call]);
  return world.ask('please');
}
function expectDone(events: readonly PlacedEvent[], says?: RegExp): void {
  expect(only(events, 'approval-request')).toEqual([]);
  const [end] = only(events, 'tool-end');
  expect(end).toMatchObject({ outcome: 'ok' });
  if (says) expect(end?.text).toMatch(says);
}

describe('the operator', () => {
  test.each(actions.map((row) => [row[0], row] as const))('%s', async (_what, [, call, says]) => expectDone(await operatorDoes(call), says));
  describe.skipIf(!sandboxed)('with a sandbox', () => {
    test.each(commands.map((row) => [row[0], row] as const))('%s', async (_what, [, input, says]) =>
      expectDone(await operatorDoes(['run_command', input]), says),
    );
    test('starts something long, looks after it and ends it', async () => {
      const started = await operatorDoes(['run_command', { command: 'echo up; exec tail -f /dev/null', background: true }]);
      expectDone(started, /cmd_/u);
      const id = /cmd_\w+/u.exec(only(started, 'tool-end')[0]?.text ?? '')?.[0];
      expectDone(await operatorDoes(['poll_command', { id }]), /Running/u);
      expectDone(await operatorDoes(['kill_command', { id }]), /killed/u);
    });
  });
  test('what was written is there, what was deleted is in the trash', () => {
    expect(readFileSync(join(world.workspace, 'project/new.txt'), 'utf8')).toBe('hello again\n');
    expect(existsSync(join(world.workspace, 'old.txt'))).toBe(false);
  });
  test('a yes is a yes: the call that asked is done, and "always" is not asked again', async () => {
    for (const expected of [1, 0]) {
      model.play([['run_command', { argv: ['date'], network: true }]]);
      const events = await world.ask('please', 'always');
      expect(only(events, 'approval-request')).toHaveLength(expected);
      expect(only(events, 'tool-end')).toMatchObject([{ outcome: 'ok' }]);
    }
  });
});

describe('a direct sender who is on the list', () => {
  test.each(actions.map((row) => [row[0], row] as const))('%s', async (_what, [, call, says]) =>
    expectDone(await senders.converse({ text: 'please' }, [call]), says),
  );
  test.skipIf(!sandboxed).each(commands.slice(0, 6).map((row) => [row[0], row] as const))('%s', async (_what, [, input, says]) =>
    expectDone(await senders.converse({ text: 'please' }, [['run_command', input]]), says),
  );
  test('is answered in the chat', async () => {
    const before = senders.chat.sent.length;
    await senders.converse({ text: 'hello' }, []);
    expect((await senders.chat.arrived(before + 1)).at(-1)).toMatchObject({ to: { chat: 'chat-of-ana' }, message: { text: 'Done.' } });
  });
});

describe('a member of a listed group', () => {
  test('is answered where it mentions CoPaw, and its folder can be read', async () => {
    writeFileSync(join(senders.workspace, folders.team, 'plan.txt'), 'the plan\n');
    const events = await senders.converse({ chat: { id: 'team', kind: 'group' }, sender: { id: 'bob' }, mentioned: true, text: '@copaw' }, [
      ['read_file', { path: `${folders.team}/plan.txt` }],
    ]);
    expectDone(events, /the plan/u);
  });
});
