// The Operator interface over a gateway in this process: what console, CLI and API are served from.
import type { ChannelsConfig } from '../core/channel-config.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { ChannelState } from '../core/channel-state.ts';
import { CoPawError } from '../core/error.ts';
import type { StreamedFiles } from '../core/files.ts';
import type { Attachment } from '../core/inbound.ts';
import type { MediaStore } from '../core/media.ts';
import type { KnownWindow, ReadyModel } from '../core/model.ts';
import type { Operator, OperatorStatus, SessionSummary, Submission } from '../core/operator.ts';
import type { Redact } from '../core/secret.ts';
import type { Session } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Ids } from '../lib/ids.ts';
import { redactDeep } from '../lib/redactor.ts';
import type { Approvals } from './approvals.ts';
import type { Gateway } from './gateway.ts';
import { isChatSession } from './route.ts';
import { summaryOf } from './session-summary.ts';
import { modelStatus, storedStatus } from './status.ts';
import { place, type TurnBus } from './turn-bus.ts';

export interface OperatorParts {
  readonly redact: Redact;
  readonly store: Store;
  readonly gateway: Gateway;
  readonly bus: TurnBus;
  readonly approvals: Approvals;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly version: string;
  readonly media: MediaStore;
  files(agentId: string): Pick<StreamedFiles, 'write'>;
  agentId(): string;
  /** The one that answers, or `asked` where that is one that is set up. */
  model(agentId: string, asked?: string): ReadyModel;
  /** How much a model takes. */
  window(model: ReadyModel): Promise<KnownWindow>;
  sandbox(): string;
  channels(): ChannelsConfig;
  connections(): readonly ChannelState[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Spent since local midnight, in tokens and US dollars. */
  today(): Promise<OperatorStatus['today']>;
}

const sessionIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const mostText = 200_000;

export function createOperator(parts: OperatorParts): Operator {
  const { store, gateway, bus, approvals, clock, media } = parts;
  const clean = <T>(value: T): T => redactDeep(value, parts.redact);
  /** What a message brings, in the workspace. Of one that was stored before, nothing is taken again. */
  const take = async ({ sessionId, messageId, channel, attachments = [] }: Submission, agentId: string): Promise<readonly Attachment[]> => {
    const known = async (): Promise<boolean> => messageId !== undefined && gateway.knows(channel, 'local', { id: sessionId, kind: 'direct' }, messageId);
    if (attachments.length === 0 || (await known())) return [];
    try {
      return await media.take(attachments, parts.files(agentId));
    } catch (error) {
      // The same message, sent twice at once: the other one took them.
      if (await known()) return [];
      throw error;
    }
  };
  const summary = (session: Session): SessionSummary => summaryOf(session, gateway.lanes.active(session.id) !== undefined, parts.redact);
  return {
    uploads: { limits: media.limits, list: media.list, add: media.add, remove: media.remove },
    async submit(input) {
      if (!sessionIdPattern.test(input.sessionId)) throw new CoPawError('invalid', 'A session id is 1 to 64 letters, digits, "-" or "_".');
      const known = isChatSession(input.sessionId) ? undefined : await store.sessions.get(input.sessionId);
      if (isChatSession(input.sessionId) || (known && !ownChannels.has(known.address.channel)))
        throw new CoPawError('forbidden', 'This conversation belongs to a chat; what is said here would be read there.', {
          next: 'Write in that chat.',
          rule: 'R13',
        });
      if (input.text.trim() === '' && (input.attachments ?? []).length === 0) throw new CoPawError('invalid', 'The message is empty.');
      if (input.text.length > mostText)
        throw new CoPawError('too-large', `A message may have ${mostText} characters.`, { next: 'Put the text into a file and attach it.' });
      const agentId = known?.agentId ?? parts.agentId();
      const model = known || input.model === undefined ? undefined : parts.model(agentId, input.model).ref;
      const attachments = await take(input, agentId);
      if (model !== undefined) await store.commit({ session: gateway.newSession(input.sessionId, input.channel, model) });
      const accepted = await gateway.accept(input.channel, 'local', {
        kind: 'message',
        id: input.messageId ?? parts.ids('msg'),
        chat: { id: input.sessionId, kind: 'direct' },
        sender: { id: 'operator' },
        at: clock.now(),
        text: input.text,
        ...(attachments.length === 0 ? {} : { attachments }),
      });
      await media.letGo(input.attachments ?? []);
      return accepted;
    },
    events: (filter, signal) => bus.subscribe(filter, signal),
    sessions: async (page) => (await store.sessions.list(page)).map(summary),
    async history(sessionId, page) {
      const session = await store.sessions.get(sessionId);
      if (!session) throw new CoPawError('not-found', `There is no session ${sessionId}.`);
      return { session: summary(session), events: clean((await store.entries.tail(sessionId, page.limit, page.before)).map(place)) };
    },
    stop: async (sessionId) => (await gateway.stop(sessionId)) !== undefined,
    approvals: async () => clean(await approvals.pending()),
    answer: async (id, decision, by) => clean(await approvals.answer(id, decision, by)),
    async status() {
      return {
        version: parts.version,
        agentId: parts.agentId(),
        ...(await modelStatus(() => parts.model(parts.agentId()), parts.window)),
        ...(await storedStatus(
          store,
          parts.channels(),
          clock.now(),
          parts.connections().filter(({ state }) => state === 'down' || state === 'refused').length,
        )),
        startedAt: parts.startedAt,
        sandbox: parts.sandbox(),
        storage: store.storage(),
        openTurns: gateway.lanes.running,
        today: await parts.today(),
      };
    },
  };
}
