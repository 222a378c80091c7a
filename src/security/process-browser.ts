// Opens the operator's browser: the one program CoPaw starts for itself. Only ever with a link to this machine's own server.
import { spawn } from 'node:child_process';
import { CoPawError } from '../core/error.ts';

const ownLink = /^http:\/\/127\.0\.0\.1:\d{1,5}\/(?:#code=[A-Za-z0-9_-]{1,200})?$/;

/** False where there is no browser to open: the link is printed anyway. */
export async function openBrowser(url: string, environment: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  if (!ownLink.test(url)) throw new CoPawError('process-refused', 'Only links to this CoPaw are opened.', { rule: 'R16' });
  if (process.platform === 'linux' && !environment.DISPLAY && !environment.WAYLAND_DISPLAY) return false;
  const [program = '', ...args] = opener(url);
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...environment }, stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function opener(url: string): readonly string[] {
  if (process.platform === 'darwin') return ['/usr/bin/open', url];
  return process.platform === 'win32' ? ['rundll32.exe', 'url.dll,FileProtocolHandler', url] : ['xdg-open', url];
}
