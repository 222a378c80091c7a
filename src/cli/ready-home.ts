// The gate before every command that runs something: the home exists, is ours, and its notice was accepted (R2).
import { CoPawError } from '../core/error.ts';
import type { CliParts } from './parts.ts';

/** The home to use; throws `home-missing` or `notice-not-accepted` where `copaw init` comes first. */
export function readyHome(parts: CliParts, override: string | undefined): string {
  const home = parts.homePath(override);
  if (parts.homeState(home) !== 'ours')
    throw new CoPawError('home-missing', `There is no CoPaw in ${home}.`, { next: 'Make one with `copaw init`, or name another with --home.' });
  if (!parts.accepted(home))
    throw new CoPawError('notice-not-accepted', 'The security notice of this version has not been accepted.', {
      next: 'Read and accept it with `copaw init`.',
      rule: 'R2',
    });
  return home;
}
