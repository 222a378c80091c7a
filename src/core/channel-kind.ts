// A kind of channel as it ships: what an account of it needs, as data for the command line and the console, and how one is made. A third party writes the same.
import type { Socket } from 'node:net';
import { z } from 'zod';
import type { Channel } from './channel.ts';
import type { Language } from './config.ts';
import { CoPawError } from './error.ts';
import type { Log } from './log.ts';
import { type SecretRef, secretRefSchema } from './secret.ts';

/** A member of the settings that names a secret: where it is, never its value. `copaw channels add` asks for the value and keeps it in the vault. */
export const channelSecret = (): z.ZodType<SecretRef> => secretRefSchema.meta({ secret: true });

/** What a channel is given to live on. It holds no other power: no socket, file or timer of its own. */
export interface ChannelHands {
  readonly account: string;
  readonly clock: ChannelClock;
  /** At least 0 and below 1. */
  random(): number;
  /** Reaches the origins of the kind, and follows no redirect. A body is text or bytes. Rejects with a CoPawError where nothing was reached. */
  readonly fetch: typeof globalThis.fetch;
  /** A connected socket to `tcp://host:port`, or with the name checked `tls://host:port`. Rejects with `egress-refused`, `egress-failed` or `cancelled`. */
  connect(origin: string, signal: AbortSignal): Promise<Socket>;
  /** The value, for the moment it is used. Rejects with `secret-missing`. */
  secret(ref: SecretRef): Promise<string>;
  readonly log: Log;
  /** Of what the channel itself says, as little as that is. */
  language(): Language;
}

/** The clock of CoPaw as a channel sees it; timers keep no process alive. */
export interface ChannelClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of this run; never jumps. */
  steady(): number;
  after(ms: number, fn: () => void): { cancel(): void };
  /** Rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface ChannelKind<Settings extends z.ZodObject = z.ZodObject> {
  /** Small letters, digits and dashes, as in config.json: "telegram". */
  readonly kind: string;
  /** For people: "Telegram". */
  readonly title: string;
  /**
   * What an account has beside the rules of who is listened to (`channelsConfig`). Every member has a description, which the command line and the
   * console show; a secret is a `channelSecret`. Unknown keys are kept and not looked at.
   */
  readonly settings: Settings;
  /**
   * All that an account with these settings reaches: "https://host", "tcp://host:port", "tls://host:port". A star stands for the first labels of a name,
   * where a platform hands out names below its own: "tls://*.example.org:443".
   */
  origins(settings: z.output<Settings>): readonly string[];
  /** Connects nothing and loads nothing heavy: that is for `start`. */
  open(settings: z.output<Settings>, hands: ChannelHands): Channel;
}

/** A kind with the type of its settings forgotten; `open` is given what `settings` parsed. */
export type AnyChannelKind = ChannelKind<z.ZodObject>;

/** As one of many: its own settings are parsed before they reach it. */
export function channelKind<Settings extends z.ZodObject>(kind: ChannelKind<Settings>): AnyChannelKind {
  return {
    ...kind,
    origins: (settings) => kind.origins(kind.settings.parse(settings)),
    open: (settings, hands) => kind.open(kind.settings.parse(settings), hands),
  };
}

/** Names of the members that are secrets. */
export const secretMembers = ({ settings }: Pick<AnyChannelKind, 'settings'>): readonly string[] =>
  Object.entries(settings.shape).flatMap(([name, member]) => (isSecret(member) ? [name] : []));

function isSecret(member: unknown): boolean {
  if (!(member instanceof z.ZodType)) return false;
  if (member.meta()?.secret === true) return true;
  return member instanceof z.ZodOptional || member instanceof z.ZodDefault || member instanceof z.ZodExactOptional ? isSecret(member.unwrap()) : false;
}

/** The settings of an account as its kind wants them. Throws `config-invalid` with the path of each fault. */
export function channelSettings(kind: AnyChannelKind, account: string, written: unknown): Record<string, unknown> {
  const parsed = kind.settings.safeParse(written ?? {});
  if (parsed.success) return parsed.data;
  const where = `channels.${kind.kind}.${account}`;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${[where, ...path.map(String)].join('.')}: ${message.endsWith('.') ? message : `${message}.`}`,
  );
  throw new CoPawError('config-invalid', `${kind.title} is not set up whole. ${faults.join(' ')}`, { next: `Run: copaw channels add ${kind.kind}` });
}

/** Whether an origin is one of these; "*." stands for one label or more. */
export function reachesOrigin(origins: readonly string[], origin: string): boolean {
  return origins.some((one) => {
    const [before = '', behind] = one.split('*.', 2);
    if (behind === undefined) return one === origin;
    const labels = origin.slice(before.length, -behind.length);
    return origin.startsWith(before) && origin.endsWith(`.${behind}`) && /^(?:[a-z0-9-]+\.)+$/u.test(labels);
  });
}
