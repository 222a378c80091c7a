// A channel account proved link by link, on the connection that the supervisor keeps: settings, secrets, network, access, receiving, and a message that got its receipt.
import type { ChannelState } from '../core/channel-state.ts';
import { type ChannelLink, type ChannelTest, channelLinks, type LinkReport } from '../core/channels-admin.ts';
import { type CoPawError, type ErrorCode, toCoPawError } from '../core/error.ts';
import type { Clock } from '../lib/clock.ts';

/** How long it may take to come up, milliseconds. */
const patienceMs = 60_000;
const lookMs = 200;
/** So many failed connections in a row are an answer. */
const enoughFailures = 3;

export interface TestParts {
  readonly clock: Pick<Clock, 'steady' | 'sleep'>;
  /** Undefined where there is no such account. */
  state(): ChannelState | undefined;
  /** A fresh connection now. */
  restart(): void;
  /** It was switched on for this test: every failure is of now. */
  readonly fresh: boolean;
  /** It is not connected to at all: the platform calls us, and nothing goes out before the first message. */
  readonly called: () => boolean;
  /** The hosts it reaches; undefined where that is not known. */
  readonly hosts: readonly string[] | undefined;
  /** Sends the message of the test; undefined where nobody is known who could get it. */
  readonly send: (() => Promise<string>) | undefined;
  redact(text: string): string;
}

type Report = Omit<LinkReport, 'link'>;
type Found = Partial<Record<ChannelLink, Report>>;

/** `before`: what was found of the links before the network. */
export async function testChannel(parts: TestParts, before: Found, signal: AbortSignal): Promise<Pick<ChannelTest, 'ok' | 'links'>> {
  const found: Found = { ...before };
  if (!Object.values(found).some(({ state }) => state === 'failed')) {
    Object.assign(found, await connection(parts, signal));
    if (found.receiving !== undefined && found.receiving.state !== 'failed') Object.assign(found, await sending(parts, found));
  }
  const failed = channelLinks.find((link) => found[link]?.state === 'failed');
  const links = channelLinks.map((link) => ({
    link,
    ...(found[link] ?? { state: 'open' as const, detail: failed ? `Not tried: ${failed} failed.` : 'Not tried.' }),
  }));
  return { ok: failed === undefined, links };
}

async function connection(parts: TestParts, signal: AbortSignal): Promise<Found> {
  const { clock } = parts;
  const began = clock.steady();
  const first = parts.state();
  const attempts = parts.fresh ? 0 : (first?.attempts ?? 0);
  if (!parts.fresh && (first?.state === 'down' || first?.state === 'refused')) parts.restart();
  for (;;) {
    signal.throwIfAborted();
    const state = parts.state();
    if (state?.state === 'up') return up(parts, state);
    const failures = (state?.attempts ?? 0) - attempts;
    if (state?.lastError && (failures >= enoughFailures || (failures > 0 && state.state === 'refused'))) return failure(parts, state.lastError);
    if (!state) return { receiving: { state: 'failed', detail: 'The account was taken out of config.json meanwhile.' } };
    if (clock.steady() - began >= patienceMs) return state.lastError ? failure(parts, state.lastError) : { ...reached(parts), receiving: silent };
    await clock.sleep(lookMs, signal);
  }
}

const silent: Report = {
  state: 'failed',
  detail: 'No sign of life came within a minute.',
  next: 'Look whether the platform is reached from this machine: a proxy or firewall may be in the way.',
};

function up(parts: TestParts, { lastReceivedAt, channel, account }: ChannelState): Found {
  if (parts.called()) {
    const open = 'The platform calls CoPaw, and nothing goes out before the first message.';
    return {
      network: { state: 'open', detail: open },
      access: { state: 'open', detail: open },
      receiving: { state: 'open', detail: `It takes requests at /hooks/${channel}/${account}; that they come through shows with the first one.` },
    };
  }
  const at = lastReceivedAt === undefined ? '' : `, last at ${new Date(lastReceivedAt).toISOString()}`;
  return {
    ...reached(parts),
    access: { state: 'ok', detail: 'The platform takes the credential.' },
    receiving: { state: 'ok', detail: `The receive path shows life${at}.` },
  };
}

const reached = ({ hosts }: TestParts): Found => ({
  network: { state: 'ok', detail: hosts === undefined || hosts.length === 0 ? 'The platform is reached.' : `${hosts.join(', ')}` },
});

async function sending({ send, redact }: TestParts, { network, access }: Found): Promise<Found> {
  if (!send)
    return {
      sending: {
        state: 'open',
        detail: 'It is not known whom a message could go to.',
        next: 'Write to it with an id of your own that is in `operators`, or name a chat with --to.',
      },
    };
  try {
    const receipt = await send();
    const shown: Report = { state: 'ok', detail: 'A message got its receipt.' };
    return {
      ...(network?.state === 'open' ? { network: shown } : {}),
      ...(access?.state === 'open' ? { access: shown } : {}),
      sending: { state: 'ok', detail: `A message was sent; its receipt is ${redact(receipt).slice(0, 200)}.` },
    };
  } catch (error) {
    const told = reportOf(toCoPawError(error), redact);
    const link = access?.state === 'open' ? linkOf(toCoPawError(error)) : 'sending';
    return link === 'network' || link === 'access' ? { [link]: told } : { sending: told };
  }
}

/** The connection never came about: which link that was, and that those before it held. */
function failure(parts: TestParts, error: NonNullable<ChannelState['lastError']>): Found {
  const link = linkOf(error);
  const report: Report = { state: 'failed', detail: error.message, next: error.next ?? advice[link] };
  return link === 'access' || link === 'receiving' ? { ...reached(parts), [link]: report } : { [link]: report };
}

function reportOf(error: CoPawError, redact: TestParts['redact']): Report {
  return { state: 'failed', detail: redact(error.message).slice(0, 500), next: redact(error.next ?? advice[linkOf(error)]).slice(0, 500) };
}

const byCode: Partial<Record<ErrorCode, ChannelLink>> = {
  'config-invalid': 'settings',
  invalid: 'settings',
  'secret-missing': 'secret',
  'vault-corrupt': 'secret',
  'egress-refused': 'network',
  'egress-failed': 'network',
  unauthenticated: 'access',
  forbidden: 'access',
  'not-found': 'access',
  'send-refused': 'access',
  busy: 'access',
};

/** Which link an error of a connection stands for; where the code leaves it open, its words. */
function linkOf({ code, message }: { readonly code: ErrorCode; readonly message: string }): ChannelLink {
  const known = byCode[code];
  if (known) return known;
  if (/could not be reached|took too long|broke before|not found|ECONN|ENOTFOUND|EAI_AGAIN|certificate|TLS/iu.test(message)) return 'network';
  return /token|password|credential|permission|intent|scope|denied|log ?in/iu.test(message) ? 'access' : 'receiving';
}

const advice: Readonly<Record<ChannelLink, string>> = {
  settings: 'Correct it with `copaw channels add`, or in the console.',
  secret: 'Give the secret again with `copaw channels add`.',
  network: 'Look at the address and at what is between this machine and the platform: name service, proxy, firewall.',
  access: 'Look on the platform whether the credential is the right one, still valid, and has the permissions that the page of the channel lists.',
  receiving: 'See the log: copaw logs',
  sending: 'Look whether this chat exists, and whether the account may write there.',
};
