// The home directory of the user this process runs as.
import { homedir, userInfo } from 'node:os';

/** As the system's accounts say; a user id without an account (as in some containers) has the one HOME names. */
export function ownHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return homedir();
  }
}
