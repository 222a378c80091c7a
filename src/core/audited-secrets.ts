// Secrets whose changes are written down before they are made: by name, never by value.
import type { AuditDoor } from './audit.ts';
import { checkSecret, type Secrets } from './secret.ts';

export function auditedSecrets<S extends Secrets>(secrets: S, audit: AuditDoor, by: string): S {
  return {
    ...secrets,
    async set(name, value, use) {
      checkSecret(name, value, use); // what is refused was not set
      await audit.append('secret-set', { name, by, origins: use?.origins.join(' ') ?? '', env: use?.env ?? '' });
      await secrets.set(name, value, use);
    },
    async remove(name) {
      await audit.append('secret-remove', { name, by });
      return secrets.remove(name);
    },
  };
}
