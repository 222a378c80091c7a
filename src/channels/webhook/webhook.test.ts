// The generic webhook against a program that keeps to its page.
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { webhookWorld } from '../../../tests/platforms/webhook.ts';
import { letGo, run } from '../../testing/channel-run.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { webhookEvent } from './wire.ts';

testChannel(webhookWorld);

test('fault: a signed request that was not stored was refused when the same came again', async () => {
  const platform = await webhookWorld.open();
  const one = await run(webhookWorld, platform).up();
  const body = JSON.stringify({ id: 'm1', sender: { id: platform.ids.ana }, text: 'do not lose me' });
  const seconds = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', platform.secrets.hook ?? '')
    .update(`${seconds}.${body}`)
    .digest('hex');
  const headers: Readonly<Record<string, string>> = { 'x-copaw-timestamp': seconds, 'x-copaw-signature': `sha256=${signature}` };
  const post = () => one.channel.webhook?.({ header: (name) => headers[name], query: {}, body: Buffer.from(body) });
  one.inbox.refuse(1);
  await expect(post()).rejects.toThrow();
  expect(await post()).toEqual({ status: 202 });
  expect(await post()).toEqual({ status: 401 });
  expect(one.inbox.events).toMatchObject([{ id: 'm1' }]);
  await letGo(one);
  await platform.close();
});

test('a message without words and files is none', () => {
  const event = { id: '1', sender: { id: 'monitor' } };
  for (const empty of [{}, { text: '' }, { text: ' \n' }, { type: 'message', files: [] }])
    expect(webhookEvent.safeParse({ ...event, ...empty }).success).toBe(false);
  for (const full of [{ text: 'x' }, { files: [{ name: 'a', base64: '' }] }]) expect(webhookEvent.safeParse({ ...event, ...full }).success).toBe(true);
});
