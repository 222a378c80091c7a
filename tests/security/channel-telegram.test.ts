// Attacks through Telegram.
import { telegramWorld } from '../platforms/telegram.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(telegramWorld);
