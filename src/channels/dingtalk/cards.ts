// AI cards: a message of a template of the card platform, whose words are put in place of those before until it is said to be done.
import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError, toCoPawError } from '../../core/error.ts';
import type { DingTalkApi } from './api.ts';

/** `flowStatus`: what the head of the card shows. */
const writing = '2';
const done = '3';

const delivered = z.object({ result: z.object({ deliverResults: z.array(z.object({ success: z.boolean(), errorMsg: z.string().catch('') })).min(1) }) });
const anything = z.unknown();

export interface CardsParts {
  readonly hands: Pick<ChannelHands, 'clock' | 'random'>;
  readonly api: Pick<DingTalkApi, 'ask'>;
  readonly robotCode: string;
  readonly template: string;
  /** Variable of the template that takes the words. */
  readonly variable: string;
}

export interface Cards {
  /** `track` is the id of the card, chosen by us. */
  open(to: Pick<Address, 'chat' | 'peer'>, track: string, text: string): Promise<void>;
  write(track: string, text: string): Promise<void>;
  /** The last words. It may be asked again. */
  finish(track: string, text: string): Promise<void>;
}

export function createCards({ hands, api, robotCode, template, variable }: CardsParts): Cards {
  const values = (flowStatus: string, text: string) => ({
    cardParamMap: { flowStatus, [variable]: text, sys_full_json_obj: JSON.stringify({ order: [variable] }) },
  });
  /** The page wants a Markdown text whole each time. */
  const stream = (outTrackId: string, content: string, isFinalize: boolean): Promise<unknown> => {
    const guid = `${hands.clock.now().toString(36)}${hands.random().toString(36).slice(2)}`;
    return api.ask('/v1.0/card/streaming', anything, { outTrackId, guid, key: variable, content, isFull: true, isFinalize, isError: false }, { method: 'PUT' });
  };
  return {
    async open({ chat, peer }, outTrackId, text) {
      const place =
        peer === undefined
          ? { openSpaceId: `dtv1.card//IM_GROUP.${chat}`, imGroupOpenSpaceModel: { supportForward: true }, imGroupOpenDeliverModel: { robotCode } }
          : {
              openSpaceId: `dtv1.card//IM_ROBOT.${peer}`,
              imRobotOpenSpaceModel: { supportForward: true },
              imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode },
            };
      const json = { cardTemplateId: template, outTrackId, cardData: values(writing, ''), ...place };
      const { result } = await api.ask('/v1.0/card/instances/createAndDeliver', delivered, json);
      const failed = result.deliverResults.find(({ success }) => !success);
      if (failed) throw new CoPawError('send-refused', `The platform did not deliver the card: ${failed.errorMsg}`);
      // It is there now: words that do not come this time come with the next.
      await stream(outTrackId, text, false).catch(() => undefined);
    },
    async write(track, text) {
      await stream(track, text, false);
    },
    async finish(track, text) {
      try {
        await stream(track, text, true);
      } catch (error) {
        // Perhaps it was done before; what counts is what it shows.
        if (toCoPawError(error).code !== 'send-refused') throw error;
      }
      const json = { outTrackId: track, cardData: values(done, text), cardUpdateOptions: { updateCardDataByKey: true } };
      await api.ask('/v1.0/card/instances', anything, json, { method: 'PUT' });
    },
  };
}
