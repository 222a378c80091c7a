// kill -9, cuts and lost receipts through the channels whose platform has a double here; those with a real server are in tests/channels.
import { dingTalkWorld } from '../platforms/dingtalk.ts';
import { discordWorld } from '../platforms/discord.ts';
import { feishuWorld } from '../platforms/feishu.ts';
import { matrixWorld } from '../platforms/matrix.ts';
import { mattermostWorld } from '../platforms/mattermost.ts';
import { telegramWorld } from '../platforms/telegram.ts';
import { webhookWorld } from '../platforms/webhook.ts';
import { surviveDeaths } from './channel-deaths.ts';

surviveDeaths(webhookWorld);
surviveDeaths(telegramWorld);
surviveDeaths(discordWorld, { reconciles: 'perhaps' });
surviveDeaths(matrixWorld, { reconciles: true });
surviveDeaths(mattermostWorld, { reconciles: true });
surviveDeaths(feishuWorld);
surviveDeaths(dingTalkWorld);
