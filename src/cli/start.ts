// `copaw start`: the server, until a signal. Stdout carries exactly one line, the ready line; everything else goes to stderr.
import { CoPawError } from '../core/error.ts';
import type { Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { ensureHome, type InitOptions } from './init.ts';
import { stripControls } from './text.ts';

export interface StartOptions extends InitOptions {
  readonly port?: string;
  readonly open: boolean;
}

export async function start(context: Context, options: StartOptions): Promise<number> {
  const { parts, terminal } = context;
  const port = options.port === undefined ? undefined : portOf(options.port);
  const home = parts.homePath(options.home);
  const quiet = { ...terminal, out: terminal.error };
  const accepts = options.acceptSecurity === true || terminal.interactive;
  if (accepts) await ensureHome({ parts, terminal: quiet }, home, options);
  else parts.homeState(home);
  const served = await parts.serve({
    home,
    ...(port === undefined ? {} : { port }),
    acceptSecurity: options.acceptSecurity === true,
    log: (line) => terminal.error(`${stripControls(line)}\n`),
  });
  try {
    const stopped = new Promise<void>((resolve) => {
      let signals = 0;
      terminal.onStop(() => {
        // A second Ctrl-C does not wait for what is being ended.
        if (++signals > 1) process.exit(exitCodes.stopped);
        resolve();
      });
    });
    if (served.setup) terminal.error('The security notice is not accepted yet: open the link to read it. Nothing else works before.\n');
    terminal.out(options.json === true ? `${JSON.stringify({ url: served.url, setup: served.setup })}\n` : `CoPaw is ready: ${served.url}\n`);
    if (options.open && terminal.interactive) await parts.browse(served.url);
    await stopped;
    terminal.error('Stopping …\n');
  } finally {
    await served.stop();
  }
  return exitCodes.answered;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/u.test(text) || port > 65_535) throw new CoPawError('usage', `"${text}" is not a port.`, { next: 'Give a number from 0 to 65535.' });
  return port;
}
