// The same person on several channels, as `identities` in config.json says: their direct chats are one conversation. A link joins words; it gives no right.
import { z } from 'zod';
import type { Address } from './address.ts';
import { longestId, threadedChannels, unattendedChannels } from './channel-config.ts';
import type { Config } from './config.ts';
import { lists } from './sender-rules.ts';

const linkedId = z
  .string()
  .refine((text) => partsOf(text) !== undefined, 'Write it as <kind>/<account>/<id>, the id as the platform writes it: "telegram/main/48151623".');

/** Name of the person -> their ids. */
export const identitiesConfig = z
  .record(
    z
      .string()
      .min(1)
      .max(64)
      .refine((name) => name.trim() === name, 'A name has no spaces around it.'),
    z.array(linkedId).describe('Ids of one person, each as kind/account/id. Only those that are listed at their account count.'),
  )
  .superRefine((identities, context) => {
    const seen = new Map<string, string>();
    for (const [name, ids] of Object.entries(identities))
      for (const [at, id] of ids.entries()) {
        const other = seen.get(id);
        if (other !== undefined)
          context.addIssue({ code: 'custom', path: [name, at], message: `"${id}" belongs to "${other}" already. An id is one person's, once.` });
        seen.set(id, name);
      }
  })
  .default({});

type Places = Pick<Config, 'channels' | 'identities'>;
type Standing = 'operator' | 'direct';

export interface LinkedId {
  readonly channel: string;
  readonly account: string;
  readonly id: string;
  /** As whom its account listens to it; absent: it is a stranger there. */
  readonly standing?: Standing;
  /** Each thread there is a conversation of its own: it is one with no other id. */
  readonly apart?: true;
}

export interface Identity {
  readonly name: string;
  readonly ids: readonly LinkedId[];
  /** Why not all of them are one conversation. */
  readonly fault?: string;
}

function partsOf(text: string): { readonly channel: string; readonly account: string; readonly id: string } | undefined {
  const [, channel = '', account = '', id = ''] = /^([a-z][a-z0-9-]{0,31})\/([A-Za-z0-9_-]{1,64})\/(.+)$/su.exec(text) ?? [];
  return channel === '' || id.length > longestId || id.trim() !== id || id === '*' || !id.isWellFormed() ? undefined : { channel, account, id };
}

/** Senders that are programs stand nowhere. Whether the account is switched on is asked at the door. */
function standingOf(channels: Config['channels'], channel: string, account: string, id: string): Standing | undefined {
  const accounts = Object.hasOwn(channels, channel) && !unattendedChannels.has(channel) ? channels[channel] : undefined;
  const rules = accounts && Object.hasOwn(accounts, account) ? accounts[account] : undefined;
  if (lists(rules?.operators, id)) return 'operator';
  return lists(rules?.allow, id) ? 'direct' : undefined;
}

function identityOf(channels: Config['channels'], name: string, texts: readonly string[]): Identity {
  const ids = texts.flatMap((text): readonly LinkedId[] => {
    const parts = partsOf(text);
    const standing = parts && standingOf(channels, parts.channel, parts.account, parts.id);
    const apart = parts && threadedChannels.has(parts.channel);
    return parts ? [{ ...parts, ...(standing === undefined ? {} : { standing }), ...(apart ? { apart } : {}) }] : [];
  });
  const apart = ids.filter((one) => one.apart).map(({ channel, account, id }) => `${channel}/${account}/${id}`);
  const standings = new Set(ids.flatMap((one) => (one.apart ? [] : (one.standing ?? []))));
  const faults = [
    ...(standings.size > 1
      ? ['some of these ids are your own and some are not. Those that are your own are one conversation, the others another: they share nothing.']
      : []),
    ...(apart.length > 0 ? [`each mail thread is a conversation of its own, so there is no linking ${apart.join(' and ')}: take it out.`] : []),
  ];
  return { name, ids, ...(faults.length > 0 ? { fault: faults.map((fault) => `identities.${name}: ${fault}`).join(' ') } : {}) };
}

export const identitiesOf = ({ channels, identities }: Places): readonly Identity[] =>
  Object.entries(identities).map(([name, ids]) => identityOf(channels, name, ids));

/**
 * The conversation a direct chat belongs to where its person has others: that of all their ids with the same standing. So an operator's conversation and
 * another person's are never one, whatever is linked. Undefined: the chat is one of its own, as every group and every thread is.
 */
export function linkOf(
  { channels, identities }: Places,
  { channel, account, peer, thread }: Address,
): { readonly name: string; readonly standing: Standing } | undefined {
  if (peer === undefined || thread !== undefined) return undefined;
  const standing = standingOf(channels, channel, account, peer);
  const found = Object.entries(identities).find(([, ids]) => ids.includes(`${channel}/${account}/${peer}`));
  if (standing === undefined || !found) return undefined;
  const [name, ids] = found;
  const same = identityOf(channels, name, ids).ids.filter((one) => one.standing === standing && !one.apart);
  return same.length > 1 ? { name, standing } : undefined;
}
