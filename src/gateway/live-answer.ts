// While a turn runs, the chat it came from sees its answer grow: one message is changed again and again, as often as the platform allows, until delivery
// puts the answer in its place. Where nothing can be changed the chat may be told which tool runs. Nothing of it is needed: what fails ends it.
import type { Address } from '../core/address.ts';
import type { ChannelLimits } from '../core/channel.ts';
import { ownChannels } from '../core/channel-config.ts';
import type { Turn } from '../core/session.ts';
import type { PlacedEvent } from '../core/turn-event.ts';
import type { Clock, Timer } from '../lib/clock.ts';
import type { Delivery } from './deliver.ts';
import type { WriteDraft } from './draft-words.ts';
import type { Previews } from './previews.ts';
import type { Words } from './words.ts';

/** The least time between two edits, where the channel says nothing. */
const usualEditMs = 1_500;
/** A turn that takes longer is no conversation any more. */
const longestMs = 30 * 60_000;
const mostEdits = 500;
/** The least time between two notes of tools. */
const noteMs = 5_000;
const toolName = /^[\w.-]{1,64}$/u;

export interface LiveParts {
  readonly clock: Clock;
  readonly previews: Pick<Previews, 'begin' | 'show' | 'end'>;
  limits(address: Address): ChannelLimits | undefined;
  mayReach(address: Address): boolean;
  /** What the account wants to be shown. */
  display(address: Address): { readonly stream: boolean; readonly showTools: boolean };
  events(turnId: string, signal: AbortSignal): AsyncIterable<PlacedEvent>;
  readonly note: Delivery['note'];
  readonly write: WriteDraft;
  words(): Words;
  readonly onFault: (error: unknown) => void;
}

/** Begins to show a turn; what it returns ends that. */
export type ShowTurn = (turn: Pick<Turn, 'id' | 'answerId' | 'address'>) => () => void;

export function createLiveAnswers(parts: LiveParts): ShowTurn {
  return (turn) => {
    const limits = ownChannels.has(turn.address.channel) ? undefined : parts.limits(turn.address);
    const { stream, showTools } = parts.display(turn.address);
    // A note would be a whole mail.
    const tells = showTools && limits?.dialect !== 'email-html';
    if (!limits || !((stream && limits.edit) || tells)) return () => undefined;
    const abort = new AbortController();
    const live = stream && limits.edit ? growing(parts, turn, limits, showTools) : telling(parts, turn);
    const follow = async (): Promise<void> => {
      for await (const event of parts.events(turn.id, abort.signal)) live.take(event);
    };
    follow().catch(parts.onFault);
    return () => {
      abort.abort();
      live.end();
    };
  };
}

interface Live {
  take(event: PlacedEvent): void;
  end(): void;
}

/** One message that grows. */
function growing({ clock, previews, write, words, onFault }: LiveParts, turn: Parameters<ShowTurn>[0], limits: ChannelLimits, showTools: boolean): Live {
  const editMs = limits.editMs ?? usualEditMs;
  const until = clock.steady() + longestMs;
  const running = new Map<string, string>();
  let draft = { step: -1, text: '' };
  let last = '';
  /** Not before. */
  let at = 0;
  let edits = 0;
  let timer: Timer | undefined;
  let busy = false;
  let changed = false;
  let over = false;

  const wait = (): void => {
    if (timer || busy || over || !changed) return;
    // The first words have a moment: an answer that is soon there needs no more.
    timer = clock.after(Math.max(at === 0 ? editMs : 0, at - clock.steady()), () => {
      timer = undefined;
      busy = true;
      changed = false;
      show()
        .catch((error: unknown) => {
          over = true;
          onFault(error);
        })
        .finally(() => {
          busy = false;
          wait();
        });
    });
  };
  const show = async (): Promise<void> => {
    const tool = [...running.values()].at(-1);
    const shown = await write({ draft: draft.text, goesOn: true, ...(tool === undefined ? {} : { line: words().tool(tool) }) }, limits);
    if (over || !shown || shown.text === last) return;
    const outcome = await previews.show(turn, shown);
    edits++;
    at = clock.steady() + (typeof outcome === 'number' ? Math.max(outcome, editMs) : editMs);
    if (outcome === 'shown') last = shown.text;
    else changed = true;
    over ||= outcome === 'over' || edits >= mostEdits || clock.steady() >= until;
  };

  previews.begin(turn);
  return {
    take(event) {
      if (event.type === 'text-delta') {
        if (event.step !== draft.step) draft = { step: event.step, text: '' };
        draft.text += event.text;
      } else if (event.type === 'draft-reset') draft = { step: event.step, text: '' };
      else if (event.type === 'tool-start' && showTools && toolName.test(event.name)) running.set(event.callId, event.name);
      else if (event.type === 'tool-end') running.delete(event.callId);
      else return;
      changed = true;
      wait();
    },
    end() {
      over = true;
      timer?.cancel();
      void previews.end(turn, draft.text, Math.max(0, at - clock.steady()));
    },
  };
}

/** A short note of the tool that runs, now and then. */
function telling({ clock, mayReach, note, words }: LiveParts, { answerId, address }: Parameters<ShowTurn>[0]): Live {
  let at = Number.NEGATIVE_INFINITY;
  return {
    take(event) {
      if (event.type !== 'tool-start' || !toolName.test(event.name) || clock.steady() < at || !mayReach(address)) return;
      at = clock.steady() + noteMs;
      note(address, { text: words().tool(event.name) }, `tool_${answerId}_${event.id}`);
    },
    end: () => undefined,
  };
}
