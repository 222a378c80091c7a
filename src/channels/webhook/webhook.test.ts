// The generic webhook against a program that keeps to its page.
import { expect, test } from 'vitest';
import { webhookWorld } from '../../../tests/platforms/webhook.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { webhookEvent } from './wire.ts';

testChannel(webhookWorld);

test('a message without words and files is none', () => {
  const event = { id: '1', sender: { id: 'monitor' } };
  for (const empty of [{}, { text: '' }, { text: ' \n' }, { type: 'message', files: [] }])
    expect(webhookEvent.safeParse({ ...event, ...empty }).success).toBe(false);
  for (const full of [{ text: 'x' }, { files: [{ name: 'a', base64: '' }] }]) expect(webhookEvent.safeParse({ ...event, ...full }).success).toBe(true);
});
