// Attacks through Mattermost, by Socket Mode.
import { mattermostWorld } from '../platforms/mattermost.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(mattermostWorld);
