// `<home>/acceptance.json`: that the operator accepted the security notice, and which one (R2). Matched by the hash of its text alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CoPawError } from '../core/error.ts';
import { writeFileAtomic } from '../lib/atomic-file.ts';
import { systemCode } from '../lib/system-error.ts';

const acceptance = z.object({
  /** sha256 of the notice's text, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  /** Version of CoPaw that showed it. */
  version: z.string(),
  /** ISO 8601, UTC. */
  time: z.iso.datetime(),
  how: z.enum(['terminal', 'flag', 'console']),
});

export type Acceptance = z.output<typeof acceptance>;

export const acceptanceFile = 'acceptance.json';

/** Undefined where nothing was accepted. Throws `config-corrupt` for a file that cannot be read: damage is not "never accepted" (R29). */
export function readAcceptance(home: string): Acceptance | undefined {
  const path = join(home, acceptanceFile);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw damaged(path, error);
  }
  try {
    return acceptance.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(path, error);
  }
}

export function writeAcceptance(home: string, accepted: Acceptance): void {
  writeFileAtomic(join(home, acceptanceFile), acceptanceText(accepted));
}

export function acceptanceText(accepted: Acceptance): string {
  return `${JSON.stringify(acceptance.parse(accepted), undefined, 2)}\n`;
}

/** Whether the notice with this hash is the one that was accepted. Until then no channel, tool or model runs. */
export function isAccepted(home: string, noticeSha256: string): boolean {
  return readAcceptance(home)?.sha256 === noticeSha256;
}

function damaged(path: string, cause: unknown): CoPawError {
  return new CoPawError('config-corrupt', `${path} is damaged.`, {
    next: 'Delete the file and accept the notice again with `copaw init`.',
    rule: 'R29',
    cause,
  });
}
