// Memory through the whole app: kept, replaced, found, forgotten and brought back; told when nothing was saved; and seen by nobody who may not.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { groupFolder } from '../../src/core/address.ts';
import { type ModelEvent, noUsage } from '../../src/core/model.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { createFakeChannel, type FakeChannel } from '../../src/testing/fake-channel.ts';
import { createFakeModel } from '../../src/testing/fake-model.ts';
import { session, turn } from '../../src/testing/store-rows.ts';
import { only } from './events.ts';
import { answerOf, openWorld, type WorldOptions } from './harness.ts';
import { type Call, createScriptedModel } from './scripted-model.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: WorldOptions = {}) {
  const model = createScriptedModel();
  const world = await openWorld({ provider: model.provider, ...options });
  closing.push(() => world.close());
  const memory = await world.app.memory('test');
  /** One turn that makes these calls, one a step; what the tools said. */
  const turn = async (...calls: readonly Call[]): Promise<string[]> => {
    model.play(...calls.map((call) => [call]));
    return only(await world.ask('go on'), 'tool-end').map(({ text }) => text);
  };
  const system = (): string => model.requests.at(-1)?.system ?? '';
  const note = (path: string): string => readFileSync(join(world.workspace, path), 'utf8');
  return { ...{ world, model, memory, turn, system, note } };
}

const connected = async (channel: FakeChannel): Promise<void> => {
  while (!channel.connected.has('main')) await new Promise((resolve) => setImmediate(resolve));
};

describe('a fact', () => {
  test('is kept, in the next prompt, known when told again, replaced with a day, forgotten, and brought back', async () => {
    const { turn, system, note, memory, world } = await open();
    const write = (text: string, replaces?: string): Call => ['memory_write', { path: 'MEMORY.md', text, ...(replaces === undefined ? {} : { replaces }) }];
    expect(await turn(write('lives in Lisbon'))).toEqual([expect.stringMatching(/^Noted: MEMORY\.md:2-2\.$/u)]);
    expect(await turn(write('Lives in Lisbon.'))).toEqual([expect.stringMatching(/^Already there: MEMORY\.md:2-2\.$/u)]);
    expect(system()).toMatch(/# What you remember\n\n# Memory\n- \d{4}-\d\d-\d\d lives in Lisbon\n/u);
    await turn(write('lives in Porto', 'Lisbon'));
    expect(note('MEMORY.md')).toMatch(/^# Memory\n- ~~[\d-]{10} lives in Lisbon~~ \(until [\d-]{10}\)\n- [\d-]{10} lives in Porto\n$/u);
    const [found] = await turn(['memory_search', { query: 'Lisbon' }]);
    expect(found).toMatch(/^MEMORY\.md:\d-\d \(.*noted by agent [\d-]{10} in test\)\n/u);
    expect(system()).toContain('lives in Porto');
    expect(system()).not.toContain('Lisbon');
    const same = system();
    await turn(['memory_write', { path: 'memory/2026-11-26.md', text: 'saw the sea' }]);
    await turn(['memory_search', { query: 'sea' }]);
    expect(system()).toBe(same);

    const [gone] = await turn(['memory_forget', { path: 'MEMORY.md', note: 'Porto' }]);
    expect(gone).toMatch(/^MEMORY\.md:3-3 is in the trash as trash_[a-z0-9]+:\n- [\d-]{10} lives in Porto$/u);
    expect((await memory.search('Porto', 5)).hits).toEqual([]);
    const undo = await world.app.undo('test');
    const [last] = await undo.recent({ limit: 1 });
    await undo.undo(last?.turnId ?? '', { force: false, dryRun: false });
    expect((await memory.search('Porto', 5)).hits).toHaveLength(1);
    expect(world.faults).toEqual([]);
  });

  test('attack: the value of a secret that somebody wrote into a note by hand goes into no index', async () => {
    const { world, memory } = await open();
    const value = 'Canary-Value-8d1f6e';
    await world.app.secrets.set('token', value, { origins: ['https://secrets.invalid'], header: 'X-Token', format: '{secret}' });
    writeFileSync(join(world.workspace, 'MEMORY.md'), `- 2026-01-05 the boiler was serviced\n- 2026-01-06 the portal takes ${value} as its word\n`);
    expect((await memory.search('portal word', 5)).hits[0]).toMatchObject({ lines: [2, 2] });
    const held = ['copaw.db', 'copaw.db-wal'].map((name) => readFileSync(join(world.home, name), 'latin1').toLowerCase()).join('');
    expect(held).toContain('portal');
    for (const form of [value, value.replaceAll('-', ' ')]) expect(held).not.toContain(form.toLowerCase());
  });

  test('that is a secret is refused, and what the operator corrects by hand can be undone', async () => {
    const { turn, memory, note, world } = await open();
    expect(await turn(['memory_write', { path: 'MEMORY.md', text: `the key is sk-proj-${'a1'.repeat(20)}` }])).toEqual([
      expect.stringContaining('secrets are not noted'),
    ]);
    const page = await memory.show('MEMORY.md');
    const { undoId } = await memory.save({ path: 'MEMORY.md', text: '# Mine\n', hash: page.hash });
    expect(note('MEMORY.md')).toBe('# Mine\n');
    await (await world.app.undo('test')).undo(undoId ?? '', { force: false, dryRun: false });
    expect(note('MEMORY.md')).toBe('# Memory\n');
    const forgotten = await memory.forget('MEMORY.md', '*');
    expect(existsSync(join(world.workspace, 'MEMORY.md'))).toBe(false);
    await (await world.app.undo('test')).undo(forgotten.undoId ?? '', { force: false, dryRun: false });
    expect(note('MEMORY.md')).toBe('# Memory\n');
    const records = await world.app.store.audit.newest(50);
    expect(records.filter(({ kind }) => kind.startsWith('memory-')).map(({ kind, detail }) => [kind, detail.actor, detail.path])).toEqual([
      ['memory-save', 'test', 'MEMORY.md'],
      ['memory-forget', 'test', 'MEMORY.md'],
    ]);
  });
});

describe('the files', () => {
  test('are followed whatever happens to them: by hand, by git, all at once, far too large, gone and back', async () => {
    const { memory, world } = await open();
    const put = (path: string, text: string | Uint8Array): void => {
      mkdirSync(join(world.workspace, path, '..'), { recursive: true });
      writeFileSync(join(world.workspace, path), text);
    };
    const places = async (query: string): Promise<string[]> => (await memory.search(query, 50)).hits.map(({ path }) => path).sort();
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-C', join(world.workspace, 'memory'), '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { stdio: 'pipe' });
    put('memory/trip.md', 'We took the ferry.\n');
    expect(await places('ferry')).toEqual(['memory/trip.md']);
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    git('checkout', '-qb', 'other');
    put('memory/trip.md', 'We took the train.\n');
    put('memory/more.md', 'A tunnel.\n');
    git('add', '.');
    git('commit', '-qm', 'two');
    expect([await places('ferry'), await places('train'), await places('tunnel')]).toEqual([[], ['memory/trip.md'], ['memory/more.md']]);
    git('checkout', '-q', '-');
    expect([await places('ferry'), await places('train'), await places('tunnel')]).toEqual([['memory/trip.md'], [], []]);

    for (let number = 0; number < 2_000; number++) put(`memory/many/${number % 20}/n${number}.md`, `Number n${number}x.\n`);
    expect([await places('n0x'), await places('n1999x')]).toEqual([['memory/many/0/n0.md'], ['memory/many/19/n1999.md']]);
    expect((await memory.stats()).files).toBe(2_003);

    put('memory/huge.md', 'ferry\n');
    truncateSync(join(world.workspace, 'memory/huge.md'), 50 * 1024 * 1024);
    put('memory/latin.md', Buffer.from('a caf\xe9 near the harbour\n', 'latin1'));
    expect(await places('harbour')).toEqual(['memory/latin.md']);
    expect((await memory.search('ferry', 5)).left).toEqual([{ path: 'memory/huge.md', bytes: 50 * 1024 * 1024, why: 'too-large' }]);

    rmSync(join(world.workspace, 'memory'), { recursive: true });
    expect([await places('ferry'), await places('n1999x'), await places('harbour')]).toEqual([[], [], []]);
    put('memory/trip.md', 'We took the bus.\n');
    expect(await places('bus')).toEqual(['memory/trip.md']);
    expect(world.faults).toEqual([]);
    await world.restart();
    put('memory/trip.md', 'We took the tram.\n');
    const again = await world.app.memory('test');
    expect((await again.search('tram', 5)).hits).toHaveLength(1);
    expect(await again.stats()).toMatchObject({ files: 3, followed: true, left: [] });
  });
});

describe('an answer that claims a save', () => {
  const says = (text: string, ...calls: readonly Call[]) => {
    const steps = [...calls];
    return createFakeModel(() => {
      const next = steps.shift();
      const finish = (reason: 'stop' | 'tool-calls'): ModelEvent => ({ type: 'finish', reason, usage: noUsage });
      if (!next) return [{ type: 'text-delta', text }, finish('stop')];
      return [{ type: 'tool-call', call: { id: `c${steps.length}`, name: next[0], input: next[1] } }, finish('tool-calls')];
    });
  };
  const noticesOf = async (text: string, ...calls: readonly Call[]): Promise<string[]> => {
    const { world } = await open({ provider: says(text, ...calls) });
    const events = await world.ask('remember that I like tea');
    expect(answerOf(events)).toBe(text);
    return only(events, 'notice').map(({ code }) => code);
  };

  test('without a write is told so; with one, or without the claim, it is not', async () => {
    expect(await noticesOf("I've noted that.")).toEqual(['not-saved']);
    expect(await noticesOf('记住了。', ['memory_search', { query: 'tea' }])).toEqual(['not-saved']);
    expect(await noticesOf("I've noted that.", ['memory_write', { path: 'AGENTS.md', text: 'x' }])).toEqual(['not-saved']);
    expect(await noticesOf("I've noted that.", ['memory_write', { path: 'MEMORY.md', text: 'likes tea' }])).toEqual([]);
    expect(await noticesOf("I've noted that.", ['write_file', { path: 'a.txt', content: 'x' }])).toEqual([]);
    expect(await noticesOf('Tea is fine.')).toEqual([]);
  });

  test('on a channel the sender reads it too', async () => {
    const channel = createFakeChannel({ now: () => Date.now() });
    const main = { enabled: true, allow: ['ana'] };
    await open({ provider: says("I've noted that."), channels: { fake: channel.factory }, config: { channels: { fake: { main } } } });
    await connected(channel);
    await channel.say('hi', { sender: { id: 'ana' } });
    await channel.arrived(1);
    expect(channel.sent[0]?.message.text).toBe("I've noted that.\n\n(Nothing was saved in this turn: no note and no file was written.)");
  });
});

describe('attack: private memory', () => {
  const canaries = ['canary-memory-4d1', 'canary-profile-7f2', 'canary-daily-9a3', 'canary-other-agent-c55'] as const;
  const group = { chat: { id: 'g1', kind: 'group' } } as const;
  const folder = groupFolder({ channel: 'fake', account: 'main', chat: 'g1' });
  /** Whatever a hostile model could try, errors and oracles too. */
  const hostile: readonly Call[] = [
    ['memory_search', { query: 'canary' }],
    ['memory_read', { path: 'MEMORY.md' }],
    ['memory_read', { path: 'memory/daily.md', from: 99 }],
    ['memory_write', { path: 'MEMORY.md', text: canaries[0] }],
    ['memory_write', { path: 'MEMORY.md', text: 'x', replaces: 'canary' }],
    ['memory_forget', { path: 'MEMORY.md', note: 'canary' }],
    ['memory_forget', { path: 'PROFILE.md', note: '*' }],
    ['sessions_search', { query: 'canary' }],
    ['read_file', { path: 'MEMORY.md' }],
    ['read_file', { path: `${folder}/../../MEMORY.md` }],
    ['search_files', { pattern: 'canary' }],
    ['list_files', { path: 'memory' }],
    ['edit_file', { path: 'MEMORY.md', oldText: canaries[0], newText: 'x' }],
    ['send_file', { path: 'MEMORY.md' }],
    ['run_command', { command: 'cat MEMORY.md memory/*.md' }],
  ];

  async function planted(config: object = {}) {
    const channel = createFakeChannel({ now: () => Date.now() });
    const main = { enabled: true, allow: ['ana'], operators: ['olga'], groups: { g1: {} }, senderPerMinute: 100, chatPerMinute: 100 };
    const opened = await open({ channels: { fake: channel.factory }, config: { agents: { main: {}, other: {} }, channels: { fake: { main } }, ...config } });
    await connected(channel);
    const { world, model } = opened;
    const put = (agent: string, path: string, text: string): void => {
      mkdirSync(join(world.home, 'workspaces', agent, path, '..'), { recursive: true });
      writeFileSync(join(world.home, 'workspaces', agent, path), text);
    };
    put('main', 'MEMORY.md', `- ${canaries[0]}\n`);
    put('main', 'PROFILE.md', `- ${canaries[1]}\n`);
    put('main', 'memory/daily.md', `- ${canaries[2]}\n`);
    put('other', 'MEMORY.md', `- ${canaries[3]}\n`);
    /** What the models of this turn were sent, and what came of the calls; approvals are refused. */
    const converse = async (sender: string, calls: readonly Call[], place: object = {}) => {
      const before = model.requests.length;
      model.play(...calls.map((call) => [call]));
      const stop = new AbortController();
      const after = String(await world.app.store.entries.lastSeq());
      await channel.say('what do you know of canary?', { sender: { id: sender }, mentioned: true, ...place });
      const events: PlacedEvent[] = [];
      for await (const event of world.app.operator.events({ after }, stop.signal)) {
        events.push(event);
        if (event.type === 'approval-request') await world.app.operator.answer(event.approval.id, 'deny', 'test');
        if (event.type === 'turn-end') break;
      }
      return { sent: JSON.stringify(model.requests.slice(before)), events: JSON.stringify(events), ends: only(events, 'tool-end') };
    };
    return { ...opened, converse };
  }
  const shownIn = (text: string): string[] => canaries.filter((canary) => text.includes(canary));

  test('in a group no byte of it is in any model request, whatever the model tries; the operator’s own chat finds it', async () => {
    const { converse, world, memory } = await planted();
    const asked = hostile.filter(([, input]) => !JSON.stringify(input).includes(canaries[0]));
    const team = await converse('ana', asked, group);
    expect(shownIn(team.sent)).toEqual([]);
    expect(shownIn(team.events)).toEqual([]);
    expect(team.ends.map(({ outcome }) => outcome).filter((outcome) => outcome === 'ok')).toEqual([]);
    // What the model says itself comes back to it; nothing tells it whether it was right.
    const guess = await converse(
      'ana',
      hostile.filter((call) => !asked.includes(call)),
      group,
    );
    expect(new Set(guess.ends.map(({ outcome, text }) => `${outcome} ${/already|MEMORY\.md:\d/iu.test(text)}`))).toEqual(new Set(['denied false']));
    const own = await converse('olga', [['memory_search', { query: 'canary' }]]);
    expect(shownIn(own.sent)).toEqual(canaries.slice(0, 3));
    const [sights, files] = [await memory.sights(10), readFileSync(join(world.workspace, 'MEMORY.md'), 'utf8')];
    expect(new Set(sights.map(({ why, memory: seen }) => `${String(why)} ${seen}`))).toEqual(new Set(['group deny', 'operator allow']));
    expect(files).toBe(`- ${canaries[0]}\n`);
  });

  test.each([
    ['a group', { channel: 'fake', account: 'main', chat: 'g1' }, []],
    ['the operator’s own chat', { channel: 'fake', account: 'main', chat: 'o1', peer: 'olga' }, canaries.slice(0, 3)],
    ['a guest’s chat, as the guest sees it', { channel: 'fake', account: 'main', chat: 'a1', peer: 'ana' }, canaries.slice(0, 3)],
  ] as const)('a turn that comes by itself into %s', async (_where, address, sees) => {
    const { world, model } = await planted();
    const start = { type: 'turn-start', origin: 'unattended', answerId: 'ans_w', resumed: false } as const;
    const words = { role: 'user', id: 'w', text: 'look', attachments: [], sender: { id: 'clock' }, origin: 'unattended' } as const;
    const sessionId = 'by-itself';
    await world.app.store.commit({
      session: session(sessionId, { address, key: 'main:by-itself' }),
      turn: turn('turn_w', { sessionId, address, origin: 'unattended', sender: { id: 'clock' }, answerId: 'ans_w', startedAt: Date.now() }),
      entries: [start, { type: 'message', message: words } as const].map((event) => ({ sessionId, turnId: 'turn_w', at: Date.now(), event })),
    });
    const before = model.requests.length;
    model.play([['memory_search', { query: 'canary' }]], [['memory_read', { path: 'memory/daily.md' }]], [['read_file', { path: 'MEMORY.md' }]]);
    await world.restart();
    await expect.poll(async () => (await world.app.store.turns.get('turn_w'))?.outcome).toBe('answered');
    expect(shownIn(JSON.stringify(model.requests.slice(before)))).toEqual(sees);
  });

  test('a sender whom rules keep from it has it neither in the prompt nor by any tool, and each agent has its own', async () => {
    const rules = ['memory-read', 'memory-write', 'read', 'write', 'delete', 'run'].map((effect) => ({ effect, origin: 'direct', verdict: 'deny' }));
    const { converse, memory } = await planted({ rules });
    const ana = await converse(
      'ana',
      hostile.filter(([, input]) => !JSON.stringify(input).includes(canaries[0])),
    );
    expect(shownIn(ana.sent)).toEqual([]);
    expect(ana.ends.filter(({ outcome }) => outcome === 'ok')).toEqual([]);
    expect(await memory.sights(1)).toMatchObject([{ memory: 'deny', files: 'deny', commands: 'deny', why: { rule: 'rules.0' } }]);
    const olga = await converse('olga', [['memory_search', { query: 'canary' }]]);
    expect(shownIn(olga.sent)).toEqual(canaries.slice(0, 3));
    expect((await memory.search('canary', 9, 'other')).hits.map(({ text }) => text)).toEqual([`- ${canaries[3]}`]);
  });
});
