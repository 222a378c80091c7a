// The generic webhook against a program that keeps to its page.
import { webhookWorld } from '../../../tests/platforms/webhook.ts';
import { testChannel } from '../../testing/channel-suite.ts';

testChannel(webhookWorld);
