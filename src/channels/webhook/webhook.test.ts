// The generic webhook against a program that keeps to its page.

import { openWebhookPlatform } from '../../../tests/platforms/webhook.ts';
import { testChannel } from '../../testing/channel-suite.ts';
import { webhook } from './webhook.ts';

testChannel({
  kind: webhook,
  can: {
    ...{ group: true, mention: true, thread: true, reply: true, forwarded: true, filesIn: true, filesOut: true },
    ...{ editIn: true, deleteIn: true, reactionIn: true, redelivers: true },
  },
  open: openWebhookPlatform,
});
