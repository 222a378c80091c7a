// Attacks through Discord.
import { discordWorld } from '../platforms/discord.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(discordWorld);
