// The machine: user, runtime, clock, and the sandbox with what is opened in it.
import { sandboxOf } from '../core/config.ts';
import { type Check, dayMs, type Facts, type Spotted, when } from './facts.ts';

/** When each line of Node gets its last security update. Data from the release schedule. */
const nodeEnds: Readonly<Record<string, string>> = { 22: '2027-04-30', 24: '2028-04-30', 26: '2029-04-30' };
const built = Date.UTC(2026, 0, 1);

/** Directories that hold more than any command needs. */
const wide = /^(?:\/|\/(?:etc|var|home|root|Users|mnt|media|srv|run|proc|sys|dev|boot|private)(?:\/[^/]+)?\/?|[A-Za-z]:[\\/]?(?:Users[\\/]?)?)$/u;
const private_ = /(?:^|\/)(?:\.ssh|\.aws|\.gnupg|\.kube|\.docker|\.config|\.password-store|\.mozilla|\.git-credentials|\.netrc)(?:\/|$)/u;

/** Directories of the sandbox settings, of all and of each agent. */
function opened({ config }: Facts, which: 'readOnly' | 'writable'): readonly { readonly path: string; readonly where: string }[] {
  if (!config) return [];
  return [
    ...config.sandbox[which].map((path) => ({ path, where: `sandbox.${which} ${path}` })),
    ...Object.entries(config.agents).flatMap(([id, { sandbox }]) =>
      (sandbox?.[which] ?? []).map((path) => ({ path, where: `agents.${id}.sandbox.${which} ${path}` })),
    ),
  ];
}

function tooWide(facts: Facts, which: 'readOnly' | 'writable'): readonly Spotted[] {
  const { home } = facts;
  return opened(facts, which)
    .filter(
      ({ path }) =>
        wide.test(path) ||
        private_.test(path) ||
        home === path ||
        home.startsWith(`${path.replace(/\/$/u, '')}/`) ||
        path.startsWith(`${home}.secret`) ||
        path.startsWith(`${home}/`),
    )
    .map(({ path, where }) => ({ what: `Commands have access to ${path}.`, where }));
}

/** What commands reach on the network, by agent; absent: they reach everything once they may. */
const networks = ({ config }: Facts) =>
  Object.keys(config?.agents ?? {}).flatMap((id) => {
    const network = config && sandboxOf(config, id).network;
    return network ? [{ id, network }] : [];
  });

export const machineChecks: readonly Check[] = [
  {
    id: 'running-as-root',
    severity: 'high',
    why: 'A way out of the sandbox is then a way to everything on this machine.',
    fix: 'Run CoPaw as an ordinary user.',
    look: ({ user }) => when(user === 0, 'CoPaw runs as root.', 'user'),
  },
  {
    id: 'in-container',
    severity: 'info',
    why: 'What is not on a volume is gone with the container, and sandboxes need user namespaces there.',
    fix: 'Mount the home and its .secret directory as private volumes, and publish the port on loopback only.',
    look: ({ container }) => when(container, 'CoPaw runs in a container.', 'container'),
  },
  {
    id: 'node-unsupported',
    severity: 'high',
    why: 'Holes that are found in it are not mended any more.',
    fix: 'Install a Node that is supported.',
    look: ({ node, now }) => {
      const major = node.split('.')[0] ?? '';
      const end = nodeEnds[major];
      return when(end === undefined ? Number(major) % 2 === 1 || Number(major) < 22 : now > Date.parse(end), `Node ${node} gets no security updates.`, 'node');
    },
  },
  {
    id: 'clock-wrong',
    severity: 'medium',
    why: 'Approvals, codes and the audit log go by the clock.',
    fix: 'Set the clock of this machine.',
    look: ({ now, newestRecord }) => [
      ...when(now < built, 'The clock says a time before CoPaw was written.', 'clock'),
      ...when(newestRecord !== undefined && newestRecord > now + dayMs, 'The audit log has records from the future.', 'audit'),
    ],
  },
  {
    id: 'sandbox-missing',
    severity: 'high',
    why: 'A command then has all your rights; all that is between is your yes.',
    fix: 'On Linux install bubblewrap, or set sandbox.mode to "required" so that commands are refused.',
    look: ({ sandbox, config }) =>
      when(
        sandbox.kind === 'none' && config?.sandbox.mode !== 'required',
        `There is no sandbox${sandbox.reason === undefined ? '' : `: ${sandbox.reason}`}.`,
        'sandbox',
      ),
  },
  {
    id: 'sandbox-partial',
    severity: 'low',
    why: 'Some programs do not work without /proc, and the sandbox shows less than it could.',
    fix: 'Run outside the container, or allow user namespaces and proc mounts in it.',
    look: ({ sandbox }) => when(sandbox.kind === 'no-proc', `The sandbox has no /proc${sandbox.reason === undefined ? '' : `: ${sandbox.reason}`}.`, 'sandbox'),
  },
  {
    id: 'sandbox-uncapped',
    severity: 'medium',
    why: 'A command can fill the machine with processes.',
    fix: 'Run as an ordinary user, or give CoPaw a control group.',
    look: ({ sandbox }) => when(sandbox.kind !== 'none' && /no cap/u.test(sandbox.reason ?? ''), `${sandbox.reason}`, 'sandbox'),
  },
  {
    id: 'sandbox-reads-much',
    severity: 'high',
    why: 'Whatever a command can read, the model can read.',
    fix: 'Name the one directory that is needed.',
    look: (facts) => tooWide(facts, 'readOnly'),
  },
  {
    id: 'sandbox-writes-much',
    severity: 'critical',
    why: 'Whoever writes there controls what other programs, or CoPaw itself, do.',
    fix: 'Name the one directory that is needed.',
    look: (facts) => tooWide(facts, 'writable'),
  },
  {
    id: 'sandbox-writes-outside',
    severity: 'low',
    why: 'Commands change files there without asking.',
    fix: 'Remove it when the work is done.',
    look: (facts) => {
      const found = tooWide(facts, 'writable').map(({ where }) => where);
      return opened(facts, 'writable')
        .filter(({ where }) => !found.includes(where))
        .map(({ path, where }) => ({ what: `Commands may change ${path}.`, where }));
    },
  },
  {
    id: 'network-unasked',
    severity: 'medium',
    why: 'A command can carry what it read to those hosts without a yes.',
    fix: 'Set `unasked` back to false, or keep the list to hosts that only you can read.',
    look: (facts) =>
      networks(facts).flatMap(({ id, network }) =>
        when(network.unasked, `Commands reach ${network.hosts.join(', ') || 'no host'} without asking.`, `agents.${id}`),
      ),
  },
  {
    id: 'network-private-hosts',
    severity: 'medium',
    why: 'Services of this machine and its network often trust whoever comes from there.',
    fix: 'Remove names that are no longer used.',
    look: (facts) =>
      networks(facts).flatMap(({ id, network }) => when(network.privateHosts.length > 0, `Commands reach ${network.privateHosts.join(', ')}.`, `agents.${id}`)),
  },
];
