// What the gateway is handed. Every power is an argument.
import type { AgentParts } from '../agent/parts.ts';
import type { Address } from '../core/address.ts';
import type { Admitted } from '../core/brand.ts';
import type { IncomingFile } from '../core/channel.ts';
import type { Envelope, InboundMessage } from '../core/inbound.ts';
import type { Admission } from '../core/sender-rules.ts';
import type { Store } from '../core/store.ts';
import type { Ids } from '../lib/ids.ts';
import type { CommandParts } from './commands.ts';
import type { Delivery } from './deliver.ts';
import type { ShowTurn } from './live-answer.ts';
import type { Composer } from './outgoing.ts';
import type { Linked, Route } from './route.ts';
import type { TurnBus } from './turn-bus.ts';
import type { ShowTyping } from './typing.ts';
import type { Words } from './words.ts';

export interface GatewayParts {
  readonly store: Store;
  readonly bus: TurnBus;
  readonly agent: AgentParts;
  readonly ids: Ids;
  readonly delivery: Delivery;
  /** `again`: asked about a stored event, at a start. */
  admit(envelope: Envelope, again?: boolean): Promise<Admission>;
  /** Fetches the files of a message whose sender was let in. What could not be kept is said in its words; never rejects for a file. */
  keepFiles(envelope: Envelope, message: InboundMessage, files: readonly IncomingFile[]): Promise<InboundMessage>;
  /** The conversation of a direct chat whose person has others. */
  readonly linked: Linked;
  /** Says what is to be said first in a chat, of an event that was let in. */
  welcome(envelope: Admitted): Promise<void>;
  /** Whom the door refused. */
  turnAway(envelope: Envelope, refusal: Extract<Admission, { admitted: false }>): Promise<void>;
  /** Answers an approval from a chat, or refuses to; returns what is said. */
  answerApproval(envelope: Admitted, answer: Extract<Route, { kind: 'answer' }>): Promise<string>;
  readonly composer: Composer;
  readonly commands: CommandParts;
  /** What CoPaw itself says. */
  words(): Words;
  /** The sender is one of the operator's own ids, also in a group. */
  operates(envelope: Admitted): boolean;
  /** Ends the background commands of a session, and says how many there were. */
  stopCommands(sessionId: string): Promise<number>;
  /** How long the account waits for what else somebody says before it is answered. */
  mergeMs(envelope: Admitted): number;
  /** Shows in a chat that its turn runs, and what it says so far; what it returns ends that. */
  readonly showTurn: ShowTurn;
  /** Shows in a chat that an answer will come; what it returns ends that. */
  readonly showTyping: ShowTyping;
  /** Longest a turn may run. */
  turnMinutes(): number;
  /** Who answers there; without a place, the first agent. */
  agentId(address?: Address): string;
  parallelTurns(): number;
  /** Faults of CoPaw itself; people have already been told where they can be. */
  onFault(error: unknown): void;
}
