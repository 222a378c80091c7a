// Every way in and every tool, listed and shown to pass its door: spies stand in a real app. A route, an event or a tool that is not listed here fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { builtinTools } from '../../src/builtins.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import { routes } from '../../src/http/routes.ts';
import { probeSandbox } from '../../src/security/process.ts';
import { only } from '../app/events.ts';
import { type HostileWorld, openHostileWorld } from './hostile-world.ts';
import { openSenderWorld, type SenderWorld } from './sender-world.ts';
import { openServerWorld, type ServerWorld } from './server-world.ts';

const passed = vi.hoisted((): string[] => []);
const spied = vi.hoisted(() => {
  /** The same object, whose functions first write down that they ran. */
  return <T extends object>(door: string, made: T): T =>
    new Proxy(made, {
      get(target, name, receiver) {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return (...values: unknown[]) => {
          const subject = values.find((one) => typeof one === 'object' && one !== null) as { path?: string; tool?: { name: string } } | undefined;
          passed.push(`${door}.${String(name)} ${subject?.tool?.name ?? subject?.path ?? ''}`.trim());
          return Reflect.apply(member, target, values) as unknown;
        };
      },
    });
});
type Maker = (...values: never[]) => object;
/** Replaces a maker of a module by one whose product is spied on. */
const spyOn = vi.hoisted(() => async (original: () => Promise<unknown>, name: string, door: string) => {
  const module = (await original()) as Record<string, Maker>;
  const make = module[name] as (...values: unknown[]) => object;
  return {
    ...module,
    [name]: (...values: unknown[]) => {
      const made = make(...values);
      if (typeof made !== 'function') return spied(door, made);
      const call = made as unknown as (...inner: unknown[]) => unknown;
      return (...inner: unknown[]) => {
        const subject = inner[0] as { inbound?: { kind: string } };
        passed.push(`${door} ${subject.inbound?.kind ?? ''}`.trim());
        return call(...inner);
      };
    },
  };
});
vi.mock('../../src/security/authenticate.ts', (original) => spyOn(original, 'createAuthenticate', 'authenticate'));
vi.mock('../../src/security/admit.ts', (original) => spyOn(original, 'createAdmit', 'admit'));
vi.mock('../../src/security/gate.ts', (original) => spyOn(original, 'createGate', 'gate'));
vi.mock('../../src/security/process.ts', (original) => spyOn(original, 'createProcessDoor', 'process'));
vi.mock('../../src/security/egress.ts', (original) => spyOn(original, 'createEgress', 'egress'));
vi.mock('../../src/security/workspace-files.ts', (original) => spyOn(original, 'createFiles', 'files'));
vi.mock('../../src/security/audit.ts', (original) => spyOn(original, 'createAudit', 'audit'));

const sandboxed = (await probeSandbox()).kind !== 'none';
let server: ServerWorld;
let senders: SenderWorld;
let world: HostileWorld;
beforeAll(async () => {
  [server, senders, world] = [await openServerWorld(), await openSenderWorld(), await openHostileWorld()];
});
afterAll(async () => {
  await server.close();
  await senders.close();
  await world.close();
});
const since = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
  passed.length = 0;
  await work();
  return [...passed];
};

describe('routes', () => {
  /** Needs no credential; each is here for a reason that docs/security.md gives. */
  const open = ['GET /api/health', 'POST /api/login', 'POST /hooks/{channel}/{account}', 'GET /api/ready'];
  test('the public ones are exactly these', () =>
    expect(routes.filter((row) => row.public === true).map(({ method, path }) => `${method} ${path}`)).toEqual(open));

  test.each(routes.map(({ method, path }) => [method, path]))('%s %s passes the caller door before it does anything', async (method, path) => {
    const asked = path.replaceAll(/\{\w+\}/gu, 'x');
    const doors = await since(async () => {
      const answer = await server.call(asked, {
        method,
        ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } }),
      });
      if (!open.includes(`${method} ${path}`)) expect([401, 403]).toContain(answer.status);
    });
    expect(doors[0]).toBe(`authenticate.checkHost ${asked}`);
    if (!open.includes(`${method} ${path}`))
      expect(doors.filter((door) => !door.startsWith('audit.'))).toEqual([`authenticate.checkHost ${asked}`, `authenticate.authenticate ${asked}`]);
  });

  test.each(['/', '/index.html', '/assets/x.js', '/favicon.ico', '/anything/else', '/.env'])(
    'static %s passes the host check, and the path door for what is read',
    async (path) => {
      const doors = await since(() => server.call(path));
      expect(doors[0]).toBe(`authenticate.checkHost ${path}`);
      expect(doors.filter((door) => !/^(?:authenticate\.checkHost|files\.read\b)/u.test(door))).toEqual([]);
    },
  );
  test('a path below /api that is no route asks for the credential first', async () => {
    expect(await since(() => server.call('/api/none'))).toContain('authenticate.authenticate /api/none');
  });
});

describe('channel events', () => {
  /** One of each kind; the type makes this list complete. */
  const kinds = { message: 0, edit: 0, delete: 0, reaction: 0, choice: 0, command: 0, join: 0 } satisfies Record<Inbound['kind'], 0>;
  test.each(Object.keys(kinds) as Inbound['kind'][])('%s passes the sender door, from a stranger and from somebody listed', async (kind) => {
    for (const id of ['eve', 'ana']) {
      const doors = await since(() => senders.chat.emit(kind, { sender: { id } }));
      expect(doors.filter((door) => !door.startsWith('audit.'))[0], id).toBe(`admit ${kind}`);
    }
  });
});

describe.skipIf(!sandboxed)('tools', () => {
  /** An ordinary call of each built-in tool, and the doors that it must have passed beside the gate. */
  const calls: Readonly<Record<string, readonly [input: object, ...doors: string[]]>> = {
    current_time: [{}],
    delete_file: [{ path: 'gone.txt' }, 'files.trash', 'audit.append'],
    edit_file: [{ path: 'edit.txt', oldText: 'one', newText: 'two' }, 'files.read', 'files.write', 'audit.append'],
    fetch_url: [{ url: 'http://127.0.0.1/' }, 'egress.fetch'],
    kill_command: [{ id: 'cmd_none' }, 'audit.append'],
    list_files: [{}, 'files.list'],
    memory_forget: [{ path: 'MEMORY.md', note: '1' }, 'files.trash', 'audit.append'],
    memory_read: [{ path: 'MEMORY.md' }, 'files.readText'],
    memory_search: [{ query: 'cat' }, 'files.stat'],
    memory_write: [{ path: 'MEMORY.md', text: 'x' }, 'files.write', 'audit.append'],
    poll_command: [{ id: 'cmd_none' }],
    read_file: [{ path: 'edit.txt' }, 'files.read'],
    recall: [{ words: 'cat' }],
    remind_me: [{ text: 'reminder of the test', inSeconds: 1_000_000 }, 'audit.append'],
    run_command: [{ argv: ['true'] }, 'process.run', 'audit.append'],
    search_files: [{ pattern: 'one' }, 'files.list', 'files.read'],
    send_file: [{ path: 'edit.txt' }, 'files.stat'],
    sessions_search: [{ query: 'cat' }],
    view_image: [{ path: 'pixel.png' }, 'files.stat'],
    write_file: [{ path: 'new.txt', content: 'x' }, 'files.write', 'audit.append'],
  };
  test('each built-in tool is listed', () => expect(Object.keys(calls).sort()).toEqual(builtinTools.map(({ name }) => name).sort()));

  test.each(builtinTools.map(({ name }) => name))('%s passes the gate, then its doors', async (name) => {
    mkdirSync(world.workspace, { recursive: true });
    for (const file of ['gone.txt', 'edit.txt']) writeFileSync(join(world.workspace, file), 'one\n');
    writeFileSync(join(world.workspace, 'pixel.png'), Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
    const [input, ...needed] = calls[name] ?? [{}];
    const doors = await since(async () => {
      world.model.play([[name, input]]);
      const events = await world.ask('go http://127.0.0.1/', 'once');
      expect(only(events, 'tool-end')).toHaveLength(1);
    });
    const gate = doors.indexOf(`gate.check ${name}`);
    expect(gate).toBeGreaterThanOrEqual(0);
    for (const door of needed)
      expect(
        doors.findLastIndex((one) => one.startsWith(door)),
        door,
      ).toBeGreaterThan(gate);
    // Nothing with power was used for the call before it was judged.
    expect(doors.slice(0, gate).filter((door) => /^(?:process|egress)\.|^files\.(?:write|trash)/u.test(door))).toEqual([]);
  });
});
