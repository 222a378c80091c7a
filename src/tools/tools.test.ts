// Every built-in tool, run as the agent runs it: arguments parsed, effects listed, hands bound to exactly those effects, real files below.

import { readFileSync } from 'node:fs';
import { mkdir, writeFile as writeRaw } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeTools } from '../agent/turn.ts';
import { builtinTools } from '../builtins.ts';
import type { JudgedPlan } from '../core/brand.ts';
import type { Files } from '../core/files.ts';
import type { MemoryFinding } from '../core/memory.ts';
import type { ProcessPlan } from '../core/process.ts';
import { Secret } from '../core/secret.ts';
import type { CommandState, Effect, Place, Tool, ToolResult } from '../core/tool.ts';
import { createHands } from '../security/hands.ts';
import { createFiles } from '../security/workspace-files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { plan } from '../testing/store-rows.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';

const clock = createFakeClock();
const place: Place = { ...plan('p').place, callId: 'call_7', timezone: 'Asia/Shanghai', now: clock.now() };
const png = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1');

const missing = (): never => {
  throw new Error('not in this test');
};

let folder: TempFolder;
let root: string;
let real: Files;
/** What the agent's workspace is; a test may put another in its place. */
let files: Files;
/** What reached the doors behind the hands. */
let done: unknown[];
let finding: MemoryFinding;
let commandEnds: Omit<CommandState, 'id'>;
let hands: ReturnType<typeof createHands>;

beforeEach(async () => {
  folder = tempFolder();
  root = join(folder.path, 'workspace');
  await mkdir(root);
  real = createFiles({ root, trash: join(folder.path, 'trash'), clock, ids: createCountingIds() });
  files = real;
  done = [];
  finding = { hits: [{ path: 'MEMORY.md', lines: [2, 3], text: 'likes tea', score: 1 }] };
  commandEnds = { running: false, exitCode: 0, output: 'out\n', truncated: false };
  const record = <T>(what: unknown, answer: T): T => {
    done.push(what);
    return answer;
  };
  const state = (what: string, id: string): CommandState => record(`${what} ${id}`, { id, ...commandEnds });
  hands = createHands({
    folders: () => ({ readOnly: [], writable: [] }),
    lend: async (name) => ({ name, value: new Secret('lent') }),
    files: () => files,
    workspace: () => root,
    process: {
      run: async (process) => record(process, { id: 'c0', ...commandEnds }),
      start: (process) => record(process, { id: 'c1', running: true, output: '', truncated: false }),
      poll: (id) => state('poll', id),
      kill: async (id) => state('kill', id),
      stopAll: async () => undefined,
    },
    egress: { fetch: () => Promise.reject(new Error('no network here')) },
    hash: () => undefined,
    memory: {
      digest: async () => '',
      search: async (agentId, query, limit) => {
        done.push(['search', agentId, query, limit]);
        return finding;
      },
      read: async (agentId, path, from = 1, lines = 2) => record(['read', agentId, path, from, lines], { path, text: 'a\nb', lines: [from, from + 1], of: 9 }),
      write: async (agentId, note, source) => record(['write', agentId, note, source], { path: note.path, lines: [4, 4], result: 'added', text: note.text }),
      forget: async (agentId, path, what) => record(['forget', agentId, path, what], { path, text: 'gone', lines: [4, 4], trash: 'trash_1' }),
    },
    sessions: () => ({
      search: async (query, limit) => {
        done.push(['search sessions', query, limit]);
        return query === 'nothing' ? [] : [{ place: 's1:7', at: 0, title: 'Tea', role: 'user', excerpt: 'I like tea', tainted: query === 'strange' }];
      },
      read: async (where, limit) => {
        const texts = ['x'.repeat(20_000), 'second'].slice(0, limit);
        return { title: 'Tea', tainted: false, messages: texts.map((text, index) => ({ place: `${where}${index}`, at: 0, role: 'assistant', text })) };
      },
    }),
    startedBy: new Map(),
    log: () => ({
      search: async (words, limit) =>
        record(['log', words, limit], { hits: [{ seq: 7, at: 0, from: 'operator', text: 'the heron' }], complete: words !== 'long' }),
      read: async (seq) => (seq === 7 ? { seq, at: 0, from: 'read_file', text: 'x'.repeat(9_000), file: '.copaw/output/c.txt' } : undefined),
    }),
    remind: async (_plan, dueAt, text) => record(['remind', dueAt, text], { id: 'job_1', dueAt, text }),
  });
});
afterEach(() => folder.remove());

function tool(name: string): Tool {
  const found = builtinTools.find((one) => one.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
}

function effects(name: string, args: unknown): readonly Effect[] {
  return tool(name).effects(tool(name).input.parse(args), place);
}

async function run(name: string, args: unknown, signal = new AbortController().signal): Promise<ToolResult> {
  const parsed = tool(name).input.parse(args);
  const judged = { ...plan('p'), place, effects: tool(name).effects(parsed, place), executables: [] } as unknown as JudgedPlan;
  return tool(name).run(parsed, hands(judged, { signal, progress: (text) => done.push(`progress ${text}`) }));
}

describe('all tools', () => {
  test('what the model is told of them stays small', () => {
    const told = JSON.stringify(describeTools(builtinTools));
    expect(Buffer.byteLength(told)).toBeLessThan(7_000);
    expect(told).not.toContain('$schema');
  });

  test.each(builtinTools.map((one) => [one.name, one] as const))('%s has a plain name and refuses arguments it does not know', (name, one) => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    const result = one.input.safeParse({ unheardOf: 1 });
    expect(result.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  });

  test('names are unique', () => {
    expect(new Set(builtinTools.map(({ name }) => name)).size).toBe(builtinTools.length);
  });

  test.each([
    ['read_file', { path: './a//b/' }, [{ kind: 'read', path: 'a/b' }]],
    ['write_file', { path: 'a/../b', content: 'x' }, [{ kind: 'write', path: 'b' }]],
    [
      'edit_file',
      { path: 'a', oldText: 'x', newText: 'y' },
      [
        { kind: 'read', path: 'a' },
        { kind: 'write', path: 'a' },
      ],
    ],
    ['list_files', {}, [{ kind: 'read', path: '.' }]],
    ['search_files', { pattern: 'x', path: 'a' }, [{ kind: 'read', path: 'a' }]],
    ['delete_file', { path: '../a' }, [{ kind: 'delete', path: '../a' }]],
    ['view_image', { path: 'a.png' }, [{ kind: 'read', path: 'a.png' }]],
    [
      'send_file',
      { path: 'a' },
      [
        { kind: 'read', path: 'a' },
        { kind: 'send', to: place.address },
      ],
    ],
    ['fetch_url', { url: 'https://example.org/a' }, [{ kind: 'net', url: 'https://example.org/a', method: 'GET' }]],
    ['memory_search', { query: 'x' }, [{ kind: 'memory', access: 'read' }]],
    ['sessions_search', { query: 'x' }, [{ kind: 'memory', access: 'read' }]],
    ['sessions_search', { place: 's1:7' }, [{ kind: 'memory', access: 'read' }]],
    ['memory_read', { path: 'MEMORY.md' }, [{ kind: 'memory', access: 'read' }]],
    ['memory_write', { path: 'MEMORY.md', text: 'x' }, [{ kind: 'memory', access: 'write' }]],
    ['memory_forget', { path: 'MEMORY.md', note: '3' }, [{ kind: 'memory', access: 'write' }]],
    ['run_command', { argv: ['ls'] }, [{ kind: 'run', argv: ['ls'], cwd: '.', network: false, sandboxed: true }]],
    ['run_command', { command: 'ls | wc', cwd: 'a/', network: true }, [{ kind: 'run', command: 'ls | wc', cwd: 'a', network: true, sandboxed: true }]],
    ['remind_me', { text: 'x', inSeconds: 60 }, [{ kind: 'schedule', what: 'reminder', dueAt: place.now + 60_000, text: 'x' }]],
    ['current_time', {}, []],
    ['recall', { words: 'x' }, []],
    ['poll_command', { id: 'c' }, []],
    ['kill_command', { id: 'c' }, []],
  ] as const)('%s %j lists what it would do', (name, args, expected) => {
    expect(effects(name, args)).toEqual(expected);
    expect(effects(name, args)).toEqual(expected);
  });

  test('attack: a call cannot do more than its plan lists', async () => {
    await real.write('secret', 'text');
    const judged = { ...plan('p'), place, effects: effects('read_file', { path: 'open' }), executables: [] } as unknown as JudgedPlan;
    const bound = hands(judged, { signal: new AbortController().signal, progress: () => undefined });
    const refused = { code: 'tool-denied', rule: 'R14' };
    await expect(bound.files.readText('secret')).rejects.toMatchObject(refused);
    await expect(bound.files.readText('open/../secret')).rejects.toMatchObject(refused);
    await expect(bound.files.write('open', 'x')).rejects.toMatchObject(refused);
    await expect(bound.memory.write({ path: 'MEMORY.md', text: 'x' })).rejects.toMatchObject(refused);
    await expect(bound.fetch('https://example.org/')).rejects.toMatchObject(refused);
    await expect(bound.shell.run({ argv: ['ls'], cwd: '.', timeoutMs: 1, background: false })).rejects.toMatchObject(refused);
    await expect(bound.shell.poll('c1')).rejects.toMatchObject({ code: 'not-found' });
    expect(done).toEqual([]);
  });
});

describe('files', () => {
  test('read_file reads in pages and says where to go on', async () => {
    await real.write('a.txt', 'one\ntwo\nthree\nfour\n');
    expect((await run('read_file', { path: 'a.txt' })).text).toBe('one\ntwo\nthree\nfour');
    expect((await run('read_file', { path: 'a.txt', offset: 2, limit: 2 })).text).toBe('two\nthree\n[Lines 2-3 of 4. Go on with offset 4.]');
    expect(await run('read_file', { path: 'a.txt', offset: 9 })).toMatchObject({ failed: true });
    await real.write('picture', png);
    expect(await run('read_file', { path: 'picture' })).not.toMatchObject({ failed: true });
    await real.write('binary', new Uint8Array([1, 0, 2]));
    expect(await run('read_file', { path: 'binary' })).toMatchObject({ failed: true });
    await expect(run('read_file', { path: 'absent' })).rejects.toMatchObject({ code: 'path-missing' });
  });

  test('read_file: the pages of any text, joined, are the text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '行', '\r') }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 9 }),
        async (lines, limit) => {
          fc.pre(lines.join('\n') !== '');
          await writeRaw(join(root, 'paged'), `${lines.join('\n')}\n`);
          const read: string[] = [];
          while (read.length < lines.length) {
            const page = (await run('read_file', { path: 'paged', offset: read.length + 1, limit })).text;
            read.push(...page.replace(/\n\[Lines [^\n]*\]$/, '').split('\n'));
          }
          expect(read).toEqual(lines);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('write_file, then edit_file with its diff', async () => {
    expect((await run('write_file', { path: 'a/b.txt', content: 'one\ntwö\n' })).text).toContain('9 bytes');
    const edited = await run('edit_file', { path: 'a/b.txt', oldText: 'twö', newText: '$& three' });
    expect(edited.diff).toContain('-twö\n+$& three\n');
    expect(await real.readText('a/b.txt')).toBe('one\n$& three\n');
  });

  test.each([
    ['is not there', 'x', 'occurs 0 times'],
    ['is there more than once', 'b', 'occurs more than once'],
    ['overlaps itself', 'aa', 'occurs more than once'],
  ])('edit_file changes nothing where the text %s', async (_case, oldText, said) => {
    await real.write('a', 'aaa b b');
    expect(await run('edit_file', { path: 'a', oldText, newText: 'new' })).toMatchObject({ failed: true, text: expect.stringContaining(said) });
    expect(await real.readText('a')).toBe('aaa b b');
  });

  test.each([
    ['occurs at every place', 'a'.repeat(2_000)],
    ['nearly occurs at every place', `${'a'.repeat(1_000_000)}b${'a'.repeat(1_000_000)}`],
  ])('attack: edit_file with a text that %s of a large file ends', async (_what, oldText) => {
    await real.write('a', 'a'.repeat(4 * 1024 * 1024));
    expect(await run('edit_file', { path: 'a', oldText, newText: 'b' })).toMatchObject({ failed: true, text: expect.stringContaining('nothing was changed') });
  });

  test('attack: a file too large to edit is not even read', async () => {
    files = { ...real, stat: async (path) => ({ path, kind: 'file', size: 60_000_000, modifiedAt: 0, changedAt: 0 }), read: missing };
    expect(await run('edit_file', { path: 'a', oldText: 'a', newText: 'b' })).toMatchObject({ failed: true, text: expect.stringContaining('run_command') });
  });

  test('edit_file finds what indexOf finds', async () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(letters, fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 5 }), async (before, oldText) => {
        let written = '';
        const write = async (_path: string, text: string | Uint8Array): Promise<void> => {
          written = String(text);
        };
        const bytes = new TextEncoder().encode(before);
        files = { ...real, stat: async () => undefined, read: async () => bytes, write };
        await run('edit_file', { path: 'a', oldText, newText: '-' });
        const once = before.includes(oldText) && before.indexOf(oldText) === before.lastIndexOf(oldText);
        expect(written).toBe(once ? before.replace(oldText, '-') : '');
      }),
    );
  });

  test('edit_file keeps bytes it was not asked to change, and leaves what is not text alone', async () => {
    await writeRaw(join(root, 'bom'), '\ufeffone\r\ntwo\r\n');
    await run('edit_file', { path: 'bom', oldText: 'two', newText: '2' });
    expect(readFileSync(join(root, 'bom'), 'utf8')).toBe('\ufeffone\r\n2\r\n');
    const latin = Buffer.from('caf\xe9 one', 'latin1');
    await writeRaw(join(root, 'latin'), latin);
    expect(await run('edit_file', { path: 'latin', oldText: 'one', newText: 'two' })).toMatchObject({ failed: true });
    expect(readFileSync(join(root, 'latin')).equals(latin)).toBe(true);
  });

  test('list_files shows folders and sizes', async () => {
    await real.write('sub/a', '123');
    expect((await run('list_files', {})).text).toBe('sub/');
    expect((await run('list_files', { recursive: true })).text).toBe('sub/\nsub/a  3 bytes');
    await mkdir(join(root, 'empty'));
    expect((await run('list_files', { path: 'empty' })).text).toBe('empty is empty.');
  });

  test('delete_file moves to the trash', async () => {
    await real.write('a', 'kept');
    expect((await run('delete_file', { path: 'a' })).text).toBe('Moved a to the trash as trash_1.');
    expect(await real.stat('a')).toBeUndefined();
    expect(readFileSync(join(folder.path, 'trash', 'trash_1-a'), 'utf8')).toBe('kept');
  });

  test('view_image takes pictures by their bytes, not by their names', async () => {
    await real.write('a.txt', png);
    await real.write('b.png', 'no picture');
    expect(await run('view_image', { path: 'a.txt' })).toMatchObject({ images: [{ path: 'a.txt', mediaType: 'image/png' }] });
    expect(await run('view_image', { path: 'b.png' })).toMatchObject({ failed: true });
    expect(await run('view_image', { path: 'absent' })).toMatchObject({ failed: true });
  });

  test('send_file hands over what is there', async () => {
    await real.write('out/report.pdf', '%PDF-');
    expect(await run('send_file', { path: 'out/report.pdf', caption: 'The report' })).toEqual({
      text: 'report.pdf (5 bytes) goes out with the answer. Caption: The report',
      files: [{ name: 'report.pdf', mediaType: 'application/pdf', size: 5, path: 'out/report.pdf' }],
    });
    expect(await run('send_file', { path: 'out' })).toMatchObject({ failed: true });
  });
});

describe('search_files', () => {
  test('finds lines by text, expression, case and glob, and passes over what is no text', async () => {
    await real.write('a.ts', 'const One = 1;\r\nconst two = 2;\n');
    await real.write('sub/b.md', 'one\n\none more\n');
    await real.write('node_modules/c.ts', 'One\n');
    await real.write('binary', Buffer.from('One\0'));
    expect((await run('search_files', { pattern: 'One' })).text).toBe('a.ts:1: const One = 1;');
    expect((await run('search_files', { pattern: 'ONE', ignoreCase: true })).text).toBe('a.ts:1: const One = 1;\nsub/b.md:1: one\nsub/b.md:3: one more');
    expect((await run('search_files', { pattern: '^one\\b.*$', regex: true, include: '*.md' })).text).toBe('sub/b.md:1: one\nsub/b.md:3: one more');
    expect((await run('search_files', { pattern: 'one', path: 'sub', include: 'sub/*.md' })).text.split('\n')).toHaveLength(2);
    expect((await run('search_files', { pattern: 'one', path: 'sub/b.md' })).text.split('\n')).toHaveLength(2);
    expect((await run('search_files', { pattern: 'absent' })).text).toBe('No matches.');
    expect(await run('search_files', { pattern: '(', regex: true })).toMatchObject({ failed: true });
  });

  /** `count` files that exist only here, to be large without a large disk. */
  function imaginary(count: number, content: Uint8Array): { reads: () => number } {
    let reads = 0;
    const listed = Array.from({ length: count }, (_, index) => ({
      path: `f${String(index).padStart(6, '0')}`,
      kind: 'file' as const,
      size: content.length,
      modifiedAt: 0,
      changedAt: 0,
    }));
    files = {
      ...real,
      list: async (_path, options) => listed.slice(0, options?.limit ?? 1_000),
      read: async () => {
        reads++;
        return content;
      },
    };
    return { reads: () => reads };
  }

  test('counts lines within each file, over any number of files', async () => {
    imaginary(600, Buffer.from('no\nhit here\nno'));
    const { text } = await run('search_files', { pattern: 'hit' });
    const lines = text.split('\n');
    expect(lines.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, index) => `f${String(index).padStart(6, '0')}:2: hit here`));
    expect(lines.slice(200)).toEqual(['[Only the first 200 matches are shown.]']);
  });

  test('attack: an expression that is slow on every file is stopped, not paid for file by file', async () => {
    const { reads } = imaginary(9_000, Buffer.from(`${'a'.repeat(21)}!`));
    expect(await run('search_files', { pattern: '^(a+)+$', regex: true })).toMatchObject({ failed: true, text: expect.stringContaining('takes too long') });
    expect(reads()).toBeLessThanOrEqual(250);
  });

  test('a workspace without end is searched within bounds, and the answer says so', async () => {
    const large = imaginary(500, Buffer.alloc(2 * 1024 * 1024, 'x\n'.padStart(4_096, 'y')));
    expect(await run('search_files', { pattern: 'absent' })).toMatchObject({ failed: true, text: expect.stringContaining('too many files') });
    expect(large.reads()).toBeLessThan(40);
  });

  test('attack: an include that backtracks is stopped, and the answer says so', async () => {
    await real.write('a'.repeat(200), 'x');
    expect(await run('search_files', { pattern: 'x', include: `${'*a'.repeat(30)}b` })).toMatchObject({
      failed: true,
      text: '[Stopped: this include takes too long to match. Use fewer wildcards.]',
    });
  });

  test('include works over any number of files', async () => {
    imaginary(2_500, Buffer.from('hit'));
    expect((await run('search_files', { pattern: 'hit', include: 'f00{0999,1000,2499}' })).text).toBe('f000999:1: hit\nf001000:1: hit\nf002499:1: hit');
  });

  test('it ends when the turn is stopped', async () => {
    imaginary(10, Buffer.from('x'));
    await expect(run('search_files', { pattern: 'x' }, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('commands', () => {
  const asked: ProcessPlan = { folders: { readOnly: [], writable: [] }, workspace: '', cwd: '.', network: false, sandboxed: true, timeoutMs: 120_000 };

  test('run_command takes argv or command, one of the two', async () => {
    expect((await run('run_command', { argv: ['ls', '-l'] })).text).toBe('out\n[Exit code 0.]');
    expect((await run('run_command', { command: 'ls', timeoutSeconds: 5, network: true })).failed).toBeUndefined();
    expect(done).toEqual([
      { ...asked, workspace: root, argv: ['ls', '-l'] },
      { ...asked, workspace: root, command: 'ls', network: true, timeoutMs: 5_000 },
    ]);
    for (const args of [{}, { argv: ['a'], command: 'a' }, { argv: [] }]) expect(tool('run_command').input.safeParse(args).success).toBe(false);
  });

  test.each([
    ['more arguments than a rule should read', { argv: Array(257).fill('a') }, 'More than 256 arguments'],
    ['more text than a rule should read', { argv: ['echo', '行'.repeat(44_000)] }, 'over 128 kB'],
    ['a shell line as long', { command: 'a'.repeat(132_000) }, 'over 128 kB'],
  ])('attack: a command of %s is refused with a way on', (_what, args, said) => {
    const { error } = tool('run_command').input.safeParse(args);
    expect(error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(said)]);
  });

  test('a command as long as may be is taken', () => {
    expect(tool('run_command').input.safeParse({ argv: ['a'.repeat(128 * 1024 - 255), ...Array(255).fill('b')] }).success).toBe(true);
  });

  test.each([
    [{ running: false, exitCode: 3, output: 'no line end', truncated: false }, 'no line end\n[Exit code 3.]'],
    [{ running: false, output: '', truncated: false }, '[Ended by a signal.]'],
    [{ running: false, exitCode: 0, ended: 'timeout', output: '', truncated: true }, '[Ended early: timeout. Output is incomplete.]'],
  ])('what did not end well counts as failed: %j', async (state, text) => {
    commandEnds = state;
    expect(await run('run_command', { argv: ['x'] })).toEqual({ text, failed: true });
  });

  test('a background command is polled and ended by its id, from its own conversation only', async () => {
    expect((await run('run_command', { argv: ['sleep'], background: true })).text).toBe('[Running in the background as c1.]');
    expect((await run('poll_command', { id: 'c1' })).text).toBe('out\n[Exit code 0.]');
    expect((await run('kill_command', { id: 'c1' })).text).toBe('out\n[Exit code 0.]');
    expect(done.slice(1)).toEqual(['poll c1', 'kill c1']);
    await expect(run('poll_command', { id: 'c9' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('time and memory', () => {
  test('current_time is that of the operator', async () => {
    expect((await run('current_time', {})).text).toBe('Monday, 2026-01-05 16:00:00 Asia/Shanghai (UTC 2026-01-05T08:00:00.000Z)');
  });

  test('remind_me sets what it listed', async () => {
    expect((await run('remind_me', { text: 'tea', at: '2026-01-05T18:30' })).text).toBe('The reminder is set for Monday, 2026-01-05 18:30:00 Asia/Shanghai.');
    await run('remind_me', { text: 'tea', inSeconds: 90 });
    expect(done).toEqual([
      ['remind', Date.UTC(2026, 0, 5, 10, 30), 'tea'],
      ['remind', place.now + 90_000, 'tea'],
    ]);
  });

  test.each([
    ['in the past', { at: '2026-01-05T15:59' }],
    ['no time', { at: 'tomorrow' }],
    ['too far away', { at: '2040-01-01T00:00' }],
  ])('remind_me lists and does nothing for a time that is %s', async (_what, args) => {
    expect(effects('remind_me', { text: 'x', ...args })).toEqual([]);
    expect(await run('remind_me', { text: 'x', ...args })).toMatchObject({ failed: true });
    expect(done).toEqual([]);
  });

  test('remind_me wants exactly one of at and inSeconds', () => {
    for (const args of [{}, { at: '2027-01-01T00:00', inSeconds: 1 }, { inSeconds: 0 }]) {
      expect(tool('remind_me').input.safeParse({ text: 'x', ...args }).success).toBe(false);
    }
  });

  test('recall looks in the log of its conversation, reads one entry in pages, and says where the rest is', async () => {
    expect((await run('recall', { words: 'heron' })).text).toMatch(/^#7, operator, .*1970-01-01.*:\nthe heron$/su);
    expect((await run('recall', { words: 'long' })).text).toContain('only the newest part');
    const first = await run('recall', { id: '#7' });
    expect(first.text).toContain('[1000 more characters: offset 8000]');
    expect((await run('recall', { id: '#7', offset: 8_000 })).text).toMatch(/x{1000}\n\[The whole output is longer: read_file \.copaw\/output\/c\.txt\]$/u);
    expect(await run('recall', { id: '#8' })).toMatchObject({ failed: true });
    expect(await run('recall', {})).toMatchObject({ failed: true });
    expect(tool('recall').input.safeParse({ id: 'call-1' }).success).toBe(false);
    expect(done).toEqual([
      ['log', 'heron', 8],
      ['log', 'long', 8],
    ]);
  });

  test('sessions_search names places, reads on at one, and what it shows stays short', async () => {
    expect(await run('sessions_search', { query: 'tea', limit: 3 })).toEqual({
      text: '[s1:7] Thursday, 1970-01-01 08:00:00 Asia/Shanghai, the person: (conversation "Tea")\nI like tea',
      tainted: false,
    });
    expect(await run('sessions_search', { query: 'strange' })).toMatchObject({ tainted: true });
    expect((await run('sessions_search', { query: 'nothing' })).text).toBe('Nothing found.');
    const around = await run('sessions_search', { place: 's1:7', limit: 2 });
    expect(around.text).toMatch(
      /^Conversation "Tea"\n\n\[s1:70\] .*, you:\nx+\n\[14000 characters cut; read it with limit 1\]\n\n\[s1:71\] .*, you:\nsecond$/u,
    );
    expect((await run('sessions_search', { place: 's1:7', limit: 1 })).text.length).toBeLessThan(12_200);
    expect(done.filter((one) => Array.isArray(one) && one[0] === 'search sessions')).toEqual([
      ['search sessions', 'tea', 3],
      ['search sessions', 'strange', 6],
      ['search sessions', 'nothing', 6],
    ]);
    for (const args of [{}, { query: 'x', place: 's1:7' }, { query: '' }]) expect(tool('sessions_search').input.safeParse(args).success).toBe(false);
  });

  test('memory is searched, read and written for the agent that asks, and a note says where it came from', async () => {
    expect((await run('memory_search', { query: 'tea' })).text).toBe('MEMORY.md:2-3\nlikes tea');
    expect((await run('memory_read', { path: 'MEMORY.md', from: 3 })).text).toBe('a\nb\n[Lines 3-4 of 9.]');
    const note = { path: 'PROFILE.md', text: 'likes tea', replaces: '3' };
    expect((await run('memory_write', note)).text).toBe('Noted: PROFILE.md:4-4.');
    expect((await run('memory_forget', { path: 'PROFILE.md', note: 'tea' })).text).toBe('PROFILE.md:4-4 is in the trash as trash_1:\ngone');
    expect(done).toEqual([
      ['search', 'main', 'tea', 5],
      ['read', 'main', 'MEMORY.md', 3, 2],
      ['write', 'main', note, { by: 'agent', sessionId: place.sessionId, turnId: place.turnId }],
      ['forget', 'main', 'PROFILE.md', 'tea'],
    ]);
  });

  test('memory_search says when nothing fits, how it read the question, and what it could not look into', async () => {
    finding = {
      hits: [],
      read: { days: ['2026-01-01', '2026-01-31'], corrected: { tee: 'tea' } },
      left: [{ path: 'memory/big.md', bytes: 9, why: 'too-large' }],
    };
    expect((await run('memory_search', { query: 'tee' })).text).toBe(
      'Nothing in memory fits.\n\n[Looked at 2026-01-01 to 2026-01-31.]\n\n[Read tee as tea.]\n\n[Not searched: memory/big.md (too-large).]',
    );
    const hit = { path: 'memory/a.md', lines: [1, 1], text: 'x', score: 1, headings: ['Trips', 'Rome'], day: '2026-01-02', superseded: '2026-01-03' } as const;
    finding = { hits: [{ ...hit, source: { by: 'agent', at: Date.UTC(2026, 0, 2, 20), sessionId: 's7' } }] };
    expect((await run('memory_search', { query: 'x' })).text).toBe(
      'memory/a.md:1-1 (Trips > Rome; 2026-01-02; replaced on 2026-01-03; noted by agent 2026-01-03 in s7)\nx',
    );
  });
});
