// R6, R11, R17 and R20: files that are sent to a real server. They fill nothing, run nowhere, and lie where the server puts them.
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { attack, spellings } from './attack.ts';
import { openServerWorld, type ServerWorld } from './server-world.ts';

let world: ServerWorld;
let workspace: string;
beforeAll(async () => {
  world = await openServerWorld({ config: { uploads: { fileMegabytes: 1, messageFiles: 3, waitingFiles: 20, waitingMegabytes: 3 } } });
  workspace = join(world.home, 'workspaces/main');
});
afterAll(() => world.close());

interface Kept {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
}
const add = (name: string, body: NonNullable<RequestInit['body']>): Promise<Response> =>
  world.asOperator(`/api/uploads?${new URLSearchParams({ name })}`, { method: 'POST', body });
const kept = async (name: string, body: NonNullable<RequestInit['body']>): Promise<Kept> => (await add(name, body)).json() as Promise<Kept>;
const waiting = async (): Promise<readonly Kept[]> => ((await (await world.asOperator('/api/uploads')).json()) as { uploads: Kept[] }).uploads;
const onDisk = (): readonly string[] => (existsSync(join(world.home, 'media')) ? readdirSync(join(world.home, 'media')) : []);
const clear = async (): Promise<void> => {
  for (const { id } of await waiting()) await world.asOperator(`/api/uploads/${id}`, { method: 'DELETE' });
};
async function send(session: string, attachments: readonly string[]): Promise<number> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const answer = await world.asOperator(`/api/sessions/${session}/messages`, { method: 'POST', headers, body: JSON.stringify({ text: 'look', attachments }) });
  await answer.text();
  return answer.status;
}
const inbox = (): readonly string[] =>
  existsSync(join(workspace, 'inbox')) ? readdirSync(join(workspace, 'inbox'), { recursive: true, encoding: 'utf8' }) : [];

attack('R6-18', 'an upload without login, and one that only the cookie of another page comes with', async () => {
  const evil = { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site', authorization: `Bearer ${world.token}` };
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { cookie: `copaw-${world.port}=x` }, evil]) {
    const answer = await world.call('/api/uploads?name=x', { method: 'POST', body: 'x', headers });
    expect([401, 403]).toContain(answer.status);
  }
  expect([await waiting(), onDisk()]).toEqual([[], []]);
});

attack('R17-21', 'an oversized stream, told and untold, cut and removed', async () => {
  const large = new Uint8Array(1024 ** 2 + 1);
  expect((await add('x', large)).status).toBe(413);
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
  const told = await world
    .asOperator('/api/uploads?name=x', { method: 'POST', body: endless, duplex: 'half' })
    .then(({ status }) => status)
    .catch(() => 413); // the server ended the connection, since nobody would read the rest
  expect(told).toBe(413);
  await expect.poll(onDisk).toEqual([]);
  const half = await world.raw(
    `POST /api/uploads?name=x HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.token}\r\nContent-Length: 100\r\n\r\nhalf`,
  );
  expect(half).not.toContain('200 OK');
  await expect.poll(onDisk).toEqual([]);
  expect(await waiting()).toEqual([]);
});

attack(
  'R17-22',
  'a thousand uploads that fill the disk',
  async () => {
    let refused = 0;
    for (let round = 0; round < 10; round++) {
      const statuses = await Promise.all(Array.from({ length: 100 }, async (_, index) => (await add(`${round}-${index}`, 'x'.repeat(1000))).status));
      refused += statuses.filter((status) => status === 429).length;
    }
    expect([refused, (await waiting()).length, onDisk().length]).toEqual([980, 20, 40]);
    await clear();
    for (let index = 0; index < 5; index++) await add('large', new Uint8Array(1024 ** 2));
    expect([(await waiting()).length, onDisk().length]).toEqual([3, 6]);
    await clear();
    expect(onDisk()).toEqual([]);
  },
  120_000,
);

const names = [
  '../../config.json',
  '/etc/passwd',
  '..\\..\\config.json',
  'C:\\x\\config.json',
  '.git/hooks/post-commit',
  'a/../../AGENTS.md',
  '\u202egnp.exe',
  'x\0.txt',
  '....//x',
  '.',
  '..',
  'CON',
  'a\r\nset-cookie: x=1',
];
spellings('R17-23', 'a path in a file name', names, async (name) => {
  const { id } = await kept(name, 'x');
  expect(await send('names', [id])).toBe(200);
  expect(
    inbox().every((path) => /^\d{4}-\d\d-\d\d-[0-9a-z]{8}(?:\/[^/\\:\p{C}]+)?$/u.test(path)),
    inbox().join(),
  ).toBe(true);
  expect(readdirSync(world.home).sort()).toContain('config.json');
});

attack('R17-24', 'a polyglot, a page and a drawing: what goes out is a sandboxed download, by its bytes', async () => {
  const files = [
    ['polyglot.html', 'GIF89a/*<script>fetch("/api/status")</script>*/=1', 'image/gif'],
    ['page.png', '<!doctype html><script>fetch("/api/status")</script>', 'application/octet-stream'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="fetch(1)"/>', 'application/octet-stream'],
  ] as const;
  const ids = await Promise.all(files.map(async ([name, content]) => (await kept(name, content)).id));
  expect(await send('pages', ids)).toBe(200);
  for (const [name, , type] of files) {
    const path = `inbox/${inbox().find((one) => one.endsWith(`/${name}`))}`;
    const address = `/api/sessions/pages/files?${new URLSearchParams({ path })}`;
    expect((await world.call(address)).status).toBe(401);
    const { status, headers } = await world.asOperator(address);
    expect([status, headers.get('content-type'), headers.get('x-content-type-options'), headers.get('content-security-policy')]).toEqual([
      200,
      type,
      'nosniff',
      "default-src 'none'; sandbox",
    ]);
    expect(headers.get('content-disposition')).toMatch(/^attachment;/u);
  }
});

attack('R17-25', 'a file of the session that leads out of the workspace', async () => {
  writeFileSync(join(world.folder, 'secret.txt'), 'secret');
  symlinkSync(join(world.folder, 'secret.txt'), join(workspace, 'inbox/link'));
  for (const path of ['../../config.json', '../../../home.secret/run.json', '/etc/passwd', 'inbox/link', 'inbox/../../../copaw.db', '..%2fconfig.json']) {
    const answer = await world.asOperator(`/api/sessions/pages/files?${new URLSearchParams({ path })}`);
    expect([403, 404], path).toContain(answer.status);
    expect(await answer.text()).not.toMatch(/^secret|root:x/u);
  }
});

attack('R20-10', 'an archive that unpacks to a thousand times its size is never unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024 * 0.5));
  const { id, mediaType } = await kept('bomb.png', bomb);
  expect(mediaType).toBe('application/gzip');
  expect(await send('bomb', [id])).toBe(200);
  expect(
    inbox()
      .filter((path) => path.includes('bomb'))
      .map((path) => path.split('/').at(-1)),
  ).toEqual(['bomb.png']);
});

attack('R11-14', 'a message that names files of another id, a path, or too many', async () => {
  const before = world.model.requests.length;
  for (const attachments of [['../config.json'], ['file_0'], ['copaw.db'], ['constructor'], ['a', 'b', 'c', 'd']])
    expect([404, 413]).toContain(await send('other', attachments));
  expect(world.model.requests.length).toBe(before);
  expect((await world.asOperator('/api/sessions/other')).status).toBe(404);
});
