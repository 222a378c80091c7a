// Discord against a made-up one that keeps to its documentation.
import { discordWorld } from '../../../tests/platforms/discord.ts';
import { testChannel } from '../../testing/channel-suite.ts';

testChannel(discordWorld);
