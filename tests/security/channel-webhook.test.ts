// Attacks through the generic webhook.

import { webhookWorld } from '../platforms/webhook.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(webhookWorld);
