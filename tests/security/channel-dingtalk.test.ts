// Attacks through DingTalk.

import { dingTalkWorld } from '../platforms/dingtalk.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(dingTalkWorld);
