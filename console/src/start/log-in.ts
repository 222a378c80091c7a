// Exchanges a one-time code for this browser's cookie and key, and says what went wrong in a word the login page has a text for.
import { ApiError, api } from '../live/api.ts';
import { ownKey } from '../live/own-key.ts';

export type LoginProblem = 'dead' | 'busy' | 'unreachable';

/** Undefined when this browser is logged in now. */
export async function logIn(code: string): Promise<LoginProblem | undefined> {
  try {
    ownKey.keep((await api.login(code, deviceName())).key);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'unreachable') return 'unreachable';
    return error.code === 'busy' ? 'busy' : 'dead';
  }
}

/** While the server changes from setup to the real one the code is not known yet: tries for some seconds. */
export async function logInSoon(code: string, seconds = 15): Promise<LoginProblem | undefined> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const ready = await api.health().then(
      ({ setup }) => !setup,
      () => false,
    );
    if (ready) return logIn(code);
    if (Date.now() > until) return 'unreachable';
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** What the device list calls this browser, for example "Firefox on Linux". */
function deviceName(): string {
  const agent = navigator.userAgent;
  const browser = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'].find((name) => agent.includes(`${name}/`)) ?? 'Browser';
  const system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'].find((name) => agent.includes(name));
  const name = browser === 'Edg' ? 'Edge' : browser === 'OPR' ? 'Opera' : browser;
  return system === undefined ? name : `${name} on ${system === 'Mac OS' ? 'macOS' : system}`;
}
