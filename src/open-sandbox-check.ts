// What `copaw doctor` says of the sandbox: what there is, folders of a list that are never bound, toolchains that commands do not see.
import type { Finding } from './cli/parts.ts';
import { type Config, sandboxOf } from './core/config.ts';
import { homeToolchains } from './lib/home-toolchains.ts';
import { tidyFolder, within } from './lib/host-folders.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export async function checkSandbox(home: string, config: Config, environment: Environment): Promise<readonly Finding[]> {
  const [{ probeSandbox }, { boundFolders }] = await Promise.all([import('./security/process.ts'), import('./security/sandbox.ts')]);
  const hostPath = environment.PATH ?? '';
  const findings: Finding[] = [describe(config, await probeSandbox())];

  const refused = Object.keys(config.agents).flatMap((agentId) => {
    const { readOnly, writable } = sandboxOf(config, agentId);
    const bound = boundFolders(hostPath, { readOnly, writable }, `${home}/workspaces/${agentId}`);
    const left = (asked: readonly string[], kept: readonly string[]): string[] => asked.filter((one) => !kept.some((root) => within(root, tidyFolder(one))));
    return [...left(readOnly, bound.readOnly), ...left(writable, bound.writable)];
  });
  if (refused.length > 0)
    findings.push({
      id: 'sandbox-folders',
      state: 'warning',
      detail: `Commands never see these, whatever sandbox.readOnly and sandbox.writable say: ${[...new Set(refused)].join(', ')}`,
      next: 'Name folders below a home, not a home, system folders, CoPaw itself or, to change, what is on the PATH.',
    });

  const unseen = homeToolchains(hostPath, environment.HOME ?? '', config.sandbox.readOnly);
  if (unseen.length > 0)
    findings.push({
      id: 'toolchains',
      state: 'ok',
      detail: `Commands do not see these toolchains of your home: ${unseen.join(', ')}`,
      next: proposal(unseen, config.sandbox.readOnly),
    });
  return findings;
}

/** The command that would let commands read them; a person runs it or leaves it. */
function proposal(unseen: readonly string[], listed: readonly string[]): string {
  return `To let commands read them: copaw config set sandbox.readOnly '${JSON.stringify([...listed, ...unseen])}'`;
}

function describe({ sandbox }: Config, { kind, reason }: { readonly kind: string; readonly reason?: string }): Finding {
  const id = 'sandbox';
  if (sandbox.dangerouslyOff)
    return {
      id,
      state: 'warning',
      detail: 'Switched off by sandbox.dangerouslyOff: every command asks, and runs with your rights.',
      next: 'Switch it on again with `copaw config unset sandbox.dangerouslyOff`, then restart.',
    };
  if (kind !== 'none')
    return { id, state: 'ok', detail: `${kind === 'seatbelt' ? 'Seatbelt' : `bubblewrap, ${kind}`}${reason === undefined ? '' : ` (${reason})`}` };
  const required = sandbox.mode === 'required';
  return {
    id,
    state: 'warning',
    detail: `No sandbox: every command ${required ? 'is refused, since sandbox.mode is "required"' : 'asks'}. ${reason ?? ''}`.trim(),
    next: 'On Linux install bubblewrap, for example `apt install bubblewrap`.',
  };
}
