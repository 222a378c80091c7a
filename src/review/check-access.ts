// Who can reach this CoPaw: the address it listens on, devices, senders.
import { type Check, dayMs, type Facts, when } from './facts.ts';

const loopback = /^(?:127(?:\.\d{1,3}){3}|localhost|\[?::1\]?)$/u;

/** Paths of keys that are true and are named `dangerously…`. */
export function dangerousKeys(value: unknown, path: readonly string[] = []): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key.startsWith('dangerously') ? (member === true ? [[...path, key].join('.')] : []) : dangerousKeys(member, [...path, key]),
  );
}

/** Ids beside the operator's own that are listened to, by account. */
function friends({ config }: Facts): readonly { readonly account: string; readonly ids: readonly string[] }[] {
  return Object.entries(config?.channels ?? {}).flatMap(([kind, accounts]) =>
    Object.entries(accounts)
      .filter(([, { enabled }]) => enabled)
      .map(([name, { allow, operators, groups }]) => ({
        account: `channels.${kind}.${name}`,
        ids: [...new Set([...allow, ...Object.values(groups).flatMap((group) => group.allow ?? [])])].filter((id) => !operators.includes(id)),
      })),
  );
}

export const accessChecks: readonly Check[] = [
  {
    id: 'server-exposed',
    severity: 'high',
    why: 'Other machines can try to get in. Every request still needs the credential, but a mistake anywhere is then a mistake in public.',
    fix: 'Set server.host to 127.0.0.1 and come in through a private network or an SSH tunnel.',
    look: ({ config }) => (config ? when(!loopback.test(config.server.host), `It listens on ${config.server.host}.`, 'server.host') : []),
  },
  {
    id: 'server-any-host',
    severity: 'high',
    why: 'The list of host names is what stops a page elsewhere from rebinding its name to this machine.',
    fix: 'Name the hosts exactly.',
    look: ({ config }) =>
      (config?.server.hosts ?? []).filter((host) => host.includes('*')).map((host) => ({ what: `"${host}" names no host.`, where: 'server.hosts' })),
  },
  {
    id: 'server-more-hosts',
    severity: 'info',
    why: 'A name beside loopback usually means a proxy: it has to encrypt, and to pass on the Host header.',
    fix: 'Remove names that are no longer used.',
    look: ({ config }) =>
      (config?.server.hosts ?? []).filter((host) => !host.includes('*')).map((host) => ({ what: `Reached as ${host}, too.`, where: `server.hosts ${host}` })),
  },
  {
    id: 'device-never-used',
    severity: 'low',
    why: 'A token that nobody uses can still be stolen.',
    fix: 'Revoke it with `copaw devices revoke`.',
    look: ({ devices, now }) =>
      devices
        .filter(({ createdAt, seenAt }) => seenAt - createdAt < 60_000 && now - createdAt > 30 * dayMs)
        .map(({ id, name }) => ({ what: `"${name}" was never used since it was made.`, where: id })),
  },
  {
    id: 'device-old',
    severity: 'low',
    why: 'A browser that was given away or a script that was forgotten may still hold the token.',
    fix: 'Revoke it with `copaw devices revoke`; a new login takes a minute.',
    look: ({ devices, now }) =>
      devices
        .filter(({ createdAt, seenAt }) => seenAt - createdAt >= 60_000 && now - seenAt > 90 * dayMs)
        .map(({ id, name, seenAt }) => ({ what: `"${name}" was last seen ${Math.floor((now - seenAt) / dayMs)} days ago.`, where: id })),
  },
  {
    id: 'devices-many',
    severity: 'low',
    why: 'Each of them is the operator.',
    fix: 'Revoke those you do not know with `copaw devices revoke`.',
    look: ({ devices }) => when(devices.length > 10, `${devices.length} devices hold a token.`, 'devices'),
  },
  {
    id: 'logins-refused',
    severity: 'medium',
    why: 'Somebody may be guessing login codes.',
    fix: 'See `copaw audit tail --kind login-refused`, and who can reach the port.',
    look: ({ refusedLogins, now }) => {
      const recent = refusedLogins.filter((at) => now - at < 30 * dayMs).length;
      return when(recent >= 20, `${recent} logins were refused in 30 days.`, 'login');
    },
  },
  {
    id: 'dangerous-option',
    severity: 'high',
    why: 'It takes a boundary away.',
    fix: 'Set it back with `copaw config unset`, unless you know why it is there.',
    look: ({ config }) => dangerousKeys(config).map((path) => ({ what: `${path} is on.`, where: path })),
  },
  {
    id: 'several-humans',
    severity: 'medium',
    why: 'All of them steer the same tools, files and accounts; CoPaw keeps people apart only by home.',
    fix: 'Give people who do not trust each other homes of their own, or take them off the list.',
    look: (facts) => friends(facts).flatMap(({ account, ids }) => when(ids.length > 1, `${ids.length} ids of other people may use it.`, account)),
  },
  {
    id: 'channel-for-nobody',
    severity: 'info',
    why: 'It is switched on and listens to no one: a message comes to nothing.',
    fix: 'List an id in `allow` or `operators`, or switch the channel off.',
    look: ({ config }) =>
      Object.entries(config?.channels ?? {}).flatMap(([kind, accounts]) =>
        Object.entries(accounts).flatMap(([name, { enabled, allow, operators, groups, pairing, dangerouslyAllowEveryone }]) =>
          when(
            enabled && !pairing && !dangerouslyAllowEveryone && allow.length + operators.length + Object.keys(groups).length === 0,
            'It is enabled, pairing is off, and nobody is listed.',
            `channels.${kind}.${name}`,
          ),
        ),
      ),
  },
];
