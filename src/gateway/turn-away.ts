// What happens to whom the sender door refused: counted in a bounded table, and told at most one fixed text. Their words are kept nowhere.
import { type ChannelsConfig, enabledAccount } from '../core/channel-config.ts';
import type { Language } from '../core/config.ts';
import type { Envelope } from '../core/inbound.ts';
import type { Log } from '../core/log.ts';
import type { Pairing } from '../core/people.ts';
import type { Admission } from '../core/sender-rules.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeyedBudget } from '../lib/keyed-budget.ts';
import { newPairingCode } from '../lib/pairing-code.ts';
import type { Delivery } from './deliver.ts';
import { whereOf } from './route.ts';
import { words } from './words.ts';

/** How long a code lives, and the least time between two answers to one stranger. */
const codeMs = 60 * 60_000;
/** A refused request stays refused for so long. */
const deniedMs = 7 * 24 * 60 * 60_000;
/** Codes that may wait on one account; further strangers get nothing. */
const mostPending = 20;
/** Rows of whom the door turned away, and of pairing requests in all, for each account. */
const mostKept = 200;
/** Refusals of one account that are written down in a minute; the rest is dropped unseen. */
const writtenPerMinute = 60;

export function createTurnAway(parts: {
  readonly store: Store['senders'];
  readonly clock: Clock;
  readonly channels: () => ChannelsConfig;
  readonly language: () => Language;
  readonly delivery: Pick<Delivery, 'note'>;
  readonly log?: Log;
  readonly newCode?: () => string;
}): (envelope: Envelope, refusal: Extract<Admission, { admitted: false }>) => Promise<void> {
  const { store, clock, delivery, newCode = newPairingCode } = parts;
  const minute = createKeyedBudget(clock, { withinMs: 60_000, mostKeys: 1_000 });
  const hour = createKeyedBudget(clock, { withinMs: 60 * 60_000, mostKeys: 10_000 });
  /** One at a time: two messages of one stranger must not get two codes. */
  let last: Promise<unknown> = Promise.resolve();

  /** The request of this sender, where the text is to be said now. `denied`: they ask for nothing, and their row only says that they were told. */
  const pair = async (channel: string, account: string, sender: string, state: 'pending' | 'denied'): Promise<Pairing | undefined> => {
    const now = clock.now();
    const known = await store.pairing(channel, account, sender);
    if (known && (known.expiresAt > now || known.answeredAt > now - codeMs)) return undefined;
    const rows = (await store.pairings()).filter((row) => row.channel === channel && row.account === account);
    const gone = rows.filter(({ expiresAt, answeredAt }) => expiresAt <= now && answeredAt <= now - codeMs);
    for (const row of gone) await store.removePairing(channel, account, row.sender);
    const left = rows.length - gone.length;
    const told = rows.filter((row) => row.state === state && row.expiresAt > now && row.answeredAt > now - codeMs).length;
    if (told >= mostPending || left >= mostKept) return undefined;
    const pairing: Pairing = { channel, account, sender, code: newCode(), state, createdAt: now, expiresAt: now + codeMs, answeredAt: now };
    await store.putPairing(pairing);
    return pairing;
  };

  return async (envelope, { rule, outcome = 'nothing' }) => {
    if (outcome === 'unaddressed') return;
    const { channel, account, inbound } = envelope;
    const sender = String(inbound.sender.id).slice(0, 256).toWellFormed();
    const accountKey = JSON.stringify([channel, account]);
    const { address } = whereOf(envelope);
    const say = words(parts.language());
    // Somebody who is listed is told why nothing happens, once a minute at most.
    const listedNote = { 'too-many': say.tooMany, 'too-old': say.tooOld, full: say.full, nothing: undefined, pairing: undefined, denied: undefined }[outcome];
    if (listedNote !== undefined && hour(JSON.stringify([outcome, address, Math.floor(clock.now() / 60_000)]), 1) === 'within')
      delivery.note(address, { text: listedNote }, `note_${envelope.key}`);
    if (minute(accountKey, writtenPerMinute) !== 'within') return;
    parts.log?.('warn', 'message-refused', { channel, account, sender, rule });
    await store.turnAway({ channel, account, sender, rule, at: clock.now() }, mostKept);
    if (outcome !== 'pairing' && outcome !== 'denied') return;
    const done = last.then(() => pair(channel, account, sender, outcome === 'pairing' ? 'pending' : 'denied'));
    last = done.catch(() => undefined);
    const pairing = await done;
    const { denyText } = enabledAccount(parts.channels(), channel, account) ?? {};
    const text = outcome === 'pairing' && pairing ? say.pairing(pairing.code, denyText) : denyText;
    if (pairing && text !== undefined) delivery.note(address, { text }, `pair_${pairing.code}`);
  };
}

/** Keeps a refused request where it silences its sender. */
export function deniedPairing(pairing: Pairing, now: number): Pairing {
  return { ...pairing, state: 'denied', expiresAt: now + deniedMs };
}
