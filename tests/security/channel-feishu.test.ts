// Attacks through Feishu.

import { feishuWorld } from '../platforms/feishu.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(feishuWorld);
