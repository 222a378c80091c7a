// The `channels` part of config.json: who is listened to on each account of each channel. What is not written here is nobody (R9).
import { z } from 'zod';

/** Longest platform id that is matched. */
export const longestId = 256;

const id = z
  .string()
  .min(1)
  .max(longestId)
  .refine((text) => text.trim() === text && text.isWellFormed(), 'An id has no spaces around it.')
  .refine((text) => text !== '*', 'A star does not mean everyone; it means nobody. Write the ids.');
const ids = z.array(id);
/** What the operator lets CoPaw say in a chat, word for word. */
const said = z.string().trim().min(1).max(1_000);

const group = z
  .looseObject({
    allow: ids.optional().describe('Who is listened to in this group, beside the operators; absent: the list of the account.'),
    dangerouslyAllowMembers: z.boolean().default(false).describe('Listens to every member of this group.'),
    dangerouslyWithoutMention: z.boolean().default(false).describe('Reads every message of the listed members, also where it is not addressed.'),
  })
  .describe('A group chat that CoPaw takes part in, by its id.');

/** How an account answers, whatever its kind. */
const answering = z.object({
  stream: z.boolean().default(false).describe('While an answer is made its words are shown and grow, where the platform lets a message be changed.'),
  showTools: z.boolean().default(false).describe('While an answer is made the chat is told which tool runs: its name, never what it is given or says.'),
  mergeSeconds: z
    .number()
    .min(0)
    .max(60)
    .default(0)
    .describe('What one person says in a chat within so long of their last message shares one answer. 0: each is answered at once.'),
  welcome: said.optional().describe('Said once in a listed group, and once to each person who was let in, before the first answer. Absent: nothing.'),
  denyText: said
    .optional()
    .describe(
      'What a stranger who writes gets, once an hour at most: in front of the code, or alone where pairing is off. Absent: the usual words, or nothing.',
    ),
});

/** Beside these, an account has the settings of its kind. */
const account = z
  .looseObject({
    enabled: z.boolean().default(false).describe('Off until it says true.'),
    allow: ids.default([]).describe('Ids of the people whose direct messages are answered, exactly as the platform writes them. Empty: nobody.'),
    operators: ids.default([]).describe("Ids that are the operator's own: direct messages from them count as the operator's, and they may answer approvals."),
    groups: z
      .record(id, group)
      .default({})
      .describe('Group chats by id. A group that is not here is not answered; in one that is, a message has to mention CoPaw.'),
    pairing: z.boolean().default(true).describe('A stranger who writes gets a code that the operator may approve. Off: strangers get nothing, or denyText.'),
    freshMinutes: z.number().positive().max(10_080).default(1_440).describe('What is older when it arrives is not acted on.'),
    senderPerMinute: z.int().min(1).max(1_000).default(20).describe('Events one sender may cause in a minute.'),
    chatPerMinute: z.int().min(1).max(1_000).default(60).describe('Events one chat may cause in a minute.'),
    ...answering.shape,
    dangerouslyAllowEveryone: z.boolean().default(false).describe('Answers direct messages of everyone who finds the account.'),
  })
  .meta({ moreKeys: true });

/** Kind of channel -> account -> its rules. Kinds that this CoPaw does not have are kept, warned about and not started. */
export const channelsConfig = z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), z.record(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/), account)).default({});

export type ChannelsConfig = z.output<typeof channelsConfig>;
export type AccountConfig = z.output<typeof account>;

/** Channels of CoPaw itself: no configuration opens or closes them. */
export const ownChannels: ReadonlySet<string> = new Set(['console', 'cli', 'api', 'schedule']);

/** Kinds whose senders are programs: what they cause is judged as what nobody attends, whoever is in the list. */
export const unattendedChannels: ReadonlySet<string> = new Set(['webhook']);

/** Kinds where all that is said stands in a thread: no chat of theirs is one conversation with another. */
export const threadedChannels: ReadonlySet<string> = new Set(['email']);

/** The rules of one account; undefined where nobody wrote any, or it is not switched on. */
export function enabledAccount(channels: ChannelsConfig, kind: string, name: string): AccountConfig | undefined {
  const accounts = Object.hasOwn(channels, kind) ? channels[kind] : undefined;
  const found = accounts && Object.hasOwn(accounts, name) ? accounts[name] : undefined;
  return found?.enabled === true ? found : undefined;
}

/** What the gateway asks itself, and counts at once: who is listened to, when and how they are answered, and what is shown meanwhile. */
const gatewayKeys: ReadonlySet<string> = new Set([
  ...['allow', 'operators', 'groups', 'pairing', 'freshMinutes', 'senderPerMinute', 'chatPerMinute', 'dangerouslyAllowEveryone'],
  ...Object.keys(answering.shape),
]);

/** The settings of a kind and those of every account beside the rules of who is listened to, as JSON Schema. */
export function accountSchema(settings: z.ZodObject): Readonly<Record<string, unknown>> {
  const { $schema: _, ...schema } = z.toJSONSchema(z.looseObject({ ...settings.shape, ...answering.shape }), { io: 'input', unrepresentable: 'any' });
  return schema;
}

/** Of these, what an account says otherwise than by default. */
export function answeringOf(account: AccountConfig): Readonly<Record<string, unknown>> {
  const usual: Readonly<Record<string, unknown>> = answering.parse({});
  return Object.fromEntries(Object.entries(answering.parse(account)).filter(([name, value]) => value !== usual[name]));
}

/** Members of an account that every kind has: the rest are the kind's own. */
export const ruleKeys: ReadonlySet<string> = new Set(['enabled', ...gatewayKeys]);

/** What the connection of an account hangs on: all of it but what the gateway asks itself. Another text: connect afresh. */
export function connectionSettings(account: AccountConfig): string {
  return JSON.stringify(Object.entries(account).filter(([key]) => !gatewayKeys.has(key)));
}

/** Each weakening that is switched on, as the path of its key, for the start and the audit. */
export function weakenedChannels(channels: ChannelsConfig): readonly string[] {
  return Object.entries(channels).flatMap(([kind, accounts]) =>
    Object.entries(accounts).flatMap(([name, rules]) => [
      // A kind may have some of its own.
      ...Object.entries(rules).flatMap(([key, value]) => (key.startsWith('dangerously') && value === true ? [`channels.${kind}.${name}.${key}`] : [])),
      ...Object.entries(rules.groups).flatMap(([chat, { dangerouslyAllowMembers, dangerouslyWithoutMention }]) => [
        ...(dangerouslyAllowMembers ? [`channels.${kind}.${name}.groups.${chat}.dangerouslyAllowMembers`] : []),
        ...(dangerouslyWithoutMention ? [`channels.${kind}.${name}.groups.${chat}.dangerouslyWithoutMention`] : []),
      ]),
    ]),
  );
}
