// Attacks through Slack, by Socket Mode.
import { slackWorld } from '../platforms/slack.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(slackWorld);
