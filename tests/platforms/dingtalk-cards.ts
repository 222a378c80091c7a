// The cards of DingTalk: made from a template and delivered, written by the stream interface until they are done, then changed as a whole
// (https://open.dingtalk.com/document/orgapp: create-and-deliver-cards, api-streamingupdate, interactive-card-update-interface).
import { z } from 'zod';
import type { ShownMessage } from '../../src/testing/channel-world.ts';

export const cardTemplate = '382e4302-551d-4880-bf29-a30acfab2e71.schema';
/** Its words: the pages say 10 KB at most. */
const mostBytes = 10_000;

const supportForward = z.strictObject({ supportForward: z.boolean() });
const values = z.strictObject({ flowStatus: z.enum(['1', '2', '3', '4', '5']), msgContent: z.string(), sys_full_json_obj: z.string() });
const track = z.string().min(1).max(128);
const common = { cardTemplateId: z.literal(cardTemplate), outTrackId: track, cardData: z.strictObject({ cardParamMap: values }) };
const openBody = (robotCode: string) =>
  z.union([
    z.strictObject({
      ...common,
      openSpaceId: z.string().regex(/^dtv1\.card\/\/IM_ROBOT\../u),
      imRobotOpenSpaceModel: supportForward,
      imRobotOpenDeliverModel: z.strictObject({ spaceType: z.literal('IM_ROBOT'), robotCode: z.literal(robotCode) }),
    }),
    z.strictObject({
      ...common,
      openSpaceId: z.string().regex(/^dtv1\.card\/\/IM_GROUP\.cid/u),
      imGroupOpenSpaceModel: supportForward,
      imGroupOpenDeliverModel: z.strictObject({ robotCode: z.literal(robotCode) }),
    }),
  ]);
const streamBody = z.strictObject({
  ...{ outTrackId: track, guid: z.string().min(8), key: z.literal('msgContent'), content: z.string() },
  ...{ isFull: z.literal(true), isFinalize: z.boolean(), isError: z.literal(false) },
});
const changeBody = z.strictObject({
  outTrackId: track,
  cardData: z.strictObject({ cardParamMap: values }),
  cardUpdateOptions: z.strictObject({ updateCardDataByKey: z.literal(true) }),
});

export interface CardDouble {
  /** Undefined: no address of cards. A string: refused, and why; what is a mistake of ours begins with "!". */
  ask(what: string, text: string): object | string | undefined;
  /** Of the cards, as the head of each shows: written to, or done. */
  states(): readonly string[];
  /** The next card is made and not delivered. */
  keepsNext(): void;
  /** The next words of a card are refused. */
  brokenNext(): void;
}

export interface CardWorld {
  readonly robotCode: string;
  readonly shown: ShownMessage[];
  chatOf(space: string): string | undefined;
  /** What is wrong with a text in the platform's Markdown. */
  faultOf(text: string): string | undefined;
}

export function openCards({ robotCode, shown, chatOf, faultOf }: CardWorld): CardDouble {
  const cards = new Map<string, { state: string; readonly guids: Set<string> }>();
  let keeps = false;
  let broken = false;
  const show = (id: string, text: string): string | undefined => {
    const fault = Buffer.byteLength(text) > mostBytes ? `a card of ${Buffer.byteLength(text)} bytes` : faultOf(text);
    if (fault !== undefined) return `!${fault}`;
    const at = shown.findIndex((message) => message.id === id);
    const now = shown[at];
    if (now && now.text !== text) shown[at] = { ...now, text, edits: now.text === '' ? 0 : now.edits + 1 };
    return undefined;
  };
  const make = (given: z.output<ReturnType<typeof openBody>>): object | string => {
    if (cards.has(given.outTrackId)) return 'param.outTrackIdExist';
    const [, space = ''] = /^dtv1\.card\/\/IM_(?:ROBOT|GROUP)\.(.*)$/u.exec(given.openSpaceId) ?? [];
    const chat = chatOf(space);
    const failed = keeps || chat === undefined;
    keeps = false;
    const result = { success: !failed, spaceType: 'IM', spaceId: space, ...(failed ? { errorMsg: 'spaceId is illegal' } : {}) };
    if (chat !== undefined && !failed) {
      const { flowStatus: state, msgContent: text } = given.cardData.cardParamMap;
      cards.set(given.outTrackId, { state, guids: new Set() });
      shown.push({ id: given.outTrackId, chat, text, files: [], choices: [], edits: 0 });
    }
    return { success: true, result: { outTrackId: given.outTrackId, deliverResults: [result] } };
  };
  const write = ({ outTrackId, guid, content, isFinalize }: z.output<typeof streamBody>): object | string => {
    const card = cards.get(outTrackId);
    if (broken) {
      broken = false;
      return 'param.streamBusy';
    }
    if (card?.state !== '2') return 'param.cardNotExistOrFinished';
    if (card.guids.has(guid)) return { success: true, result: true };
    card.guids.add(guid);
    const refused = show(outTrackId, content);
    if (refused === undefined && isFinalize) card.state = '3';
    return refused ?? { success: true, result: true };
  };
  const change = ({ outTrackId, cardData: { cardParamMap: now } }: z.output<typeof changeBody>): object | string => {
    const card = cards.get(outTrackId);
    if (!card) return 'param.cardNotExist';
    card.state = now.flowStatus;
    return show(outTrackId, now.msgContent) ?? { success: true, result: true };
  };
  const read = <T>(schema: z.ZodType<T>, text: string, then: (given: T) => object | string): object | string => {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? then(parsed.data) : `!${z.prettifyError(parsed.error)}`;
  };
  return {
    ask(what, text) {
      if (what === 'POST /v1.0/card/instances/createAndDeliver') return read(openBody(robotCode), text, make);
      if (what === 'PUT /v1.0/card/streaming') return read(streamBody, text, write);
      if (what === 'PUT /v1.0/card/instances') return read(changeBody, text, change);
      return undefined;
    },
    states: () => [...cards.values()].map(({ state }) => state),
    keepsNext() {
      keeps = true;
    },
    brokenNext() {
      broken = true;
    },
  };
}
