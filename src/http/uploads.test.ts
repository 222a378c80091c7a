// Files in and out over HTTP: streamed, named safely, bounded; and nothing that goes out can run in the console's origin.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configSchema, uploadLimits } from '../core/config.ts';
import type { Operator } from '../core/operator.ts';
import { workspaceFile } from '../gateway/workspace-file.ts';
import { systemClock } from '../lib/clock.ts';
import { createFiles } from '../security/workspace-files.ts';
import { createMediaFiles } from '../store/media-files.ts';
import { createCountingIds } from '../testing/counting-ids.ts';
import { mountRoutes } from '../testing/mounted-routes.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { uploadRoutes } from './uploads.ts';
import { createRemoteUploads } from './uploads-client.ts';
import { upload, uploads } from './uploads-schema.ts';

let folder: TempFolder;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => folder.remove());

function setUp() {
  const ids = createCountingIds();
  const root = join(folder.path, 'root');
  mkdirSync(root);
  const files = createFiles({ root, trash: join(folder.path, 'trash'), clock: systemClock, ids });
  const limits = uploadLimits(configSchema.parse({ uploads: { fileMegabytes: 1 } }));
  const media = createMediaFiles({ folder: join(folder.path, 'media'), clock: systemClock, ids, limits: () => limits });
  const store = { sessions: { get: async (id: string) => (id === 's1' ? { agentId: 'main' } : undefined) } } as Parameters<typeof workspaceFile>[0]['store'];
  const parts = {
    operator: { uploads: media } as unknown as Operator,
    file: (id: string, path: string) => workspaceFile({ store, files: () => files }, id, path),
  };
  return { ...mountRoutes(uploadRoutes, parts), root, limits };
}
const file = (path: string): string => `/api/sessions/s1/files?${new URLSearchParams({ path })}`;

test('a file is kept, listed with the limits, and removed', async () => {
  const { ask, limits } = setUp();
  const answer = await ask('/api/uploads?name=..%2Fa%2Fphoto.png', { method: 'POST', body: '\x89PNG\r\n' });
  const kept = upload.strict().parse(await answer.json());
  expect([answer.status, kept.name, kept.size]).toEqual([200, 'photo.png', 7]);
  const listed = uploads.strict().parse(await (await ask('/api/uploads')).json());
  expect(listed).toEqual({ uploads: [kept], limits });
  expect((await ask(`/api/uploads/${kept.id}`, { method: 'DELETE' })).status).toBe(200);
  expect((await ask(`/api/uploads/${kept.id}`, { method: 'DELETE' })).status).toBe(404);
  expect((await ask('/api/uploads', { method: 'POST', body: 'x' })).status).toBe(400);
});

test('the command line uploads, lists and removes by the same routes', async () => {
  const { ask, limits } = setUp();
  const remote = createRemoteUploads(ask);
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('one ');
    yield Buffer.from('two');
  }
  const kept = await remote.add({ name: 'a.md', bytes: bytes() });
  expect([kept.mediaType, kept.size, await remote.list(), await remote.limits()]).toEqual(['text/markdown', 7, [kept], limits]);
  expect([await remote.remove(kept.id), await remote.remove(kept.id)]).toEqual([true, false]);
});

test('attack: nobody without a credential uploads, lists, removes or reads', async () => {
  const { strangers, ask } = setUp();
  expect(new Set(await strangers())).toEqual(new Set([401]));
  expect(uploads.parse(await (await ask('/api/uploads')).json()).uploads).toEqual([]);
});

test('attack: a body beyond the limit is refused, told or not, and removed', async () => {
  const { ask } = setUp();
  const large = new Uint8Array(1024 ** 2 + 1);
  for (const headers of [{}, { 'content-length': '5' }, { 'content-length': String(large.length) }])
    expect((await ask('/api/uploads?name=x', { method: 'POST', body: large, headers })).status).toBe(413);
  expect(uploads.parse(await (await ask('/api/uploads')).json()).uploads).toEqual([]);
});

const png = '\x89PNG\r\n\x1a\n rest';
test.each([
  ['page.html', '<!doctype html><script>fetch("/api/status")</script>', 'application/octet-stream'],
  ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'application/octet-stream'],
  ['page.png', '<!doctype html><script>alert(1)</script>', 'application/octet-stream'],
  ['polyglot.html', 'GIF89a/*<script>alert(1)</script>*/=1', 'image/gif'],
  ['photo.html', png, 'image/png'],
  ['paper.pdf', '%PDF-1.7 <script>app.alert(1)</script>', 'application/octet-stream'],
  ['style.css', 'body{}', 'application/octet-stream'],
])('attack: %s goes out as what its bytes are, to be saved, in a sandbox', async (name, content, type) => {
  const { ask, root } = setUp();
  writeFileSync(join(root, name), content, 'latin1');
  const { status, headers } = await ask(file(name));
  expect([status, headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([200, type, 'nosniff']);
  expect(headers.get('content-disposition')).toMatch(/^attachment; /u);
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect([headers.get('x-frame-options'), headers.get('cross-origin-resource-policy'), headers.get('cache-control')]).toEqual([
    'DENY',
    'same-origin',
    'no-store',
  ]);
});

test('a large file comes whole, in pieces; its name cannot end the header', async () => {
  const { ask, root } = setUp();
  const content = Buffer.alloc(2.5 * 1024 ** 2, 'abc');
  writeFileSync(join(root, `a"; filename*=x '.bin`), content);
  const answer = await ask(file(`a"; filename*=x '.bin`));
  expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  expect([answer.headers.get('content-length'), answer.headers.get('content-disposition')]).toEqual([
    String(content.length),
    "attachment; filename*=UTF-8''a%22%3B%20filename%2A%3Dx%20%27.bin",
  ]);
});

test('attack: a path out of the workspace is refused, and another session is none', async () => {
  const { ask, root } = setUp();
  writeFileSync(join(folder.path, 'secret'), 'secret');
  mkdirSync(join(root, 'folder'));
  for (const path of ['../secret', '/etc/passwd', 'folder/../../secret', '..\\secret', 'folder']) expect((await ask(file(path))).status, path).toBe(403);
  expect((await ask(file('none'))).status).toBe(404);
  expect((await ask('/api/sessions/other/files?path=x')).status).toBe(404);
});
