// The security of the home a command names: devices, secrets, audit log.
import type { SecurityAdmin } from '../core/security.ts';
import type { CommonOptions, Context } from './context.ts';
import { readyHome } from './ready-home.ts';

export async function securityOf({ parts }: Context, options: CommonOptions): Promise<SecurityAdmin> {
  return parts.security(readyHome(parts, options.home));
}
