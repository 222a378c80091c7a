// All that the server says, in Chinese. What is not here stays as it was said, which may be in the words of a platform.
import { sayer } from '../../said.ts';
import { agents } from './agents.ts';
import { asks } from './asks.ts';
import { channels } from './channels.ts';
import { findings } from './findings.ts';
import { gateway } from './gateway.ts';
import { home } from './home.ts';
import { models } from './models.ts';

export const tables: readonly Readonly<Record<string, string>>[] = [agents, asks, channels, findings, gateway, home, models];
export const table: Readonly<Record<string, string>> = Object.assign({}, ...tables);
export const said = sayer(table);
