// The generic webhook through the whole app: files both ways, the agent that a row names, and a door that is only there for whoever signs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../src/testing/channel-run.ts';
import { openChannelApp } from '../platforms/channel-app.ts';
import { webhookWorld } from '../platforms/webhook.ts';

test('a file comes into the workspace of the agent that answers there, and another goes back', async () => {
  const app = await openChannelApp(webhookWorld, {
    config: { agents: { main: {}, work: {} }, routes: [{ channel: 'webhook', peer: 'id-ana', agent: 'work' }] },
  });
  try {
    const bytes = new TextEncoder().encode('%PDF-1.7 a report');
    app.model.play([['list_files', { path: 'inbox', recursive: true }]]);
    await app.platform.says({ text: 'keep this', files: [{ name: 'report.pdf', bytes }] });
    await app.shown(1);
    const asked = JSON.stringify(app.model.requests.at(-1)?.messages);
    const path = /inbox\/[^"\\ ]*report\.pdf/u.exec(asked)?.[0] ?? '';
    expect(readFileSync(join(app.world.home, 'workspaces/work', path)).equals(bytes)).toBe(true);
    expect(existsSync(join(app.world.home, 'workspaces/main', path))).toBe(false);
    app.model.play([['send_file', { path }]]);
    await app.platform.says({ text: 'send it back' });
    const [, answer] = await app.shown(2);
    expect(answer?.files.map(({ name, bytes: sent }) => [name, Buffer.from(sent).toString()])).toEqual([['report.pdf', '%PDF-1.7 a report']]);
  } finally {
    await app.close();
  }
});

test('a file that is too large is said, and the words are not lost for it', async () => {
  const app = await openChannelApp(webhookWorld, { config: { uploads: { fileMegabytes: 0.01 } } });
  try {
    await app.platform.says({ text: 'read this', files: [{ name: 'big.bin', bytes: new Uint8Array(50_000) }] });
    await app.shown(1);
    expect(JSON.stringify(app.model.requests[0]?.messages.at(-1))).toMatch(/read this.*big\.bin was not kept/u);
  } finally {
    await app.close();
  }
});

test('an account that is switched off takes nothing, and one that nobody set up is not there', async () => {
  const app = await openChannelApp(webhookWorld);
  try {
    const ask = (account: string) => app.world.app.webhook('webhook', account, { header: () => undefined, query: {}, body: new TextEncoder().encode('{}') });
    expect(await ask('main')).toEqual({ status: 401 });
    expect(await ask('other')).toBeUndefined();
    await app.world.app.config.commit('cli', [{ path: ['channels', 'webhook', 'main', 'enabled'], value: false }]);
    await eventually(async () => expect(await ask('main')).toBeUndefined());
  } finally {
    await app.close();
  }
});
