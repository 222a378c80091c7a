// Who may talk to CoPaw, decided by the operator: pairing requests become entries of the lists in config.json, and nothing else does.
import { weakenedChannels } from '../core/channel-config.ts';
import type { ConfigSource } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import { identitiesOf } from '../core/identities.ts';
import type { Pairing, PeopleAdmin } from '../core/people.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { readPairingCode } from '../lib/pairing-code.ts';
import { deniedPairing } from './turn-away.ts';

/** Whom the view shows of those who were turned away. */
const mostShown = 200;

export function waitingPairings(pairings: readonly Pairing[], now: number): readonly Pairing[] {
  return pairings.filter(({ state, expiresAt }) => state === 'pending' && expiresAt > now);
}

export function createPeopleAdmin(parts: {
  readonly store: Store['senders'];
  readonly config: ConfigSource;
  readonly clock: Pick<Clock, 'now'>;
  /** For the audit, and to tell who may make an id the operator's own. */
  readonly by: string;
  readonly audit: (kind: string, detail: Readonly<Record<string, string | boolean>>) => Promise<void>;
}): PeopleAdmin {
  const { store, config, clock, by, audit } = parts;
  const waiting = async (): Promise<readonly Pairing[]> => waitingPairings(await store.pairings(), clock.now());
  const find = async (code: string): Promise<Pairing> => {
    const wanted = readPairingCode(code);
    const found = (await waiting()).find((pairing) => pairing.code === wanted);
    if (!found)
      throw new CoPawError('not-found', 'No request with this code is waiting.', { next: 'A code lives for an hour. See `copaw pairing list`.', rule: 'R9' });
    return found;
  };
  return {
    async view() {
      const { channels } = config.current();
      const accounts = Object.entries(channels).flatMap(([channel, named]) =>
        Object.entries(named).map(([account, { enabled, allow, operators, groups, pairing }]) => ({
          ...{ channel, account, enabled, allow, operators, pairing },
          groups: Object.keys(groups),
          weakened: weakenedChannels({ [channel]: { [account]: { ...named[account] } as (typeof named)[string] } }),
        })),
      );
      return { accounts, identities: identitiesOf(config.current()), pairings: await waiting(), turnedAway: await store.turnedAway(mostShown) };
    },

    async approve(code, operator) {
      if (operator && !/^(?:cli|console)\b/.test(by))
        throw new CoPawError('forbidden', "An id is made the operator's own in the console or on the command line only.", { rule: 'R9' });
      const pairing = await find(code);
      const { channel, account, sender } = pairing;
      const rules = config.current().channels[channel]?.[account];
      if (!rules) throw new CoPawError('not-found', `config.json has no account "${account}" of "${channel}" any more.`, { rule: 'R9' });
      const list = operator ? 'operators' : 'allow';
      await audit('pairing-approve', { channel, account, sender, operator, by });
      if (!rules[list].includes(sender)) await config.commit(by, [{ path: ['channels', channel, account, list], value: [...rules[list], sender] }]);
      await store.removePairing(channel, account, sender);
      return pairing;
    },

    async deny(code) {
      const pairing = await find(code);
      const { channel, account, sender } = pairing;
      await audit('pairing-deny', { channel, account, sender, by });
      await store.putPairing(deniedPairing(pairing, clock.now()));
      return pairing;
    },
  };
}
