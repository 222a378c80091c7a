// What Telegram is told to show: words, and files with the words as their caption where those fit. One part may be several messages there.
import { z } from 'zod';
import type { Address } from '../../core/address.ts';
import type { OutgoingFile, Sendable, SentRef } from '../../core/channel.ts';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { remember } from '../../lib/remember.ts';
import { type Answer, failureOf, type TelegramApi, type Upload } from './api.ts';
import type { Buttons } from './buttons.ts';

/** "0-1024 characters after entities parsing", https://core.telegram.org/bots/api#senddocument */
const mostCaption = 1024;
/** "2-10 items", https://core.telegram.org/bots/api#sendmediagroup */
const mostAlbum = 10;
/** "The photo must be at most 10 MB in size", https://core.telegram.org/bots/api#sendphoto */
const mostPhoto = 10 * 1024 * 1024;
/** What a second message of one part waits for at most, before it is said that only a part arrived. */
const patience = 20_000;

const sent = z.object({ message_id: z.int() });
const html = { parse_mode: 'HTML' };

interface Place {
  readonly chat_id: number;
  readonly message_thread_id?: number;
}

type File = Omit<Upload, 'field'>;

export function createSending(api: TelegramApi, buttons: Buttons, hands: ChannelHands) {
  /** Groups that have become supergroups, by their former id. */
  const moved = new Map<string, string>();

  const placeOf = ({ chat, thread }: Address): Place => {
    const [chatId, threadId] = [Number(moved.get(chat) ?? chat), Number(thread)];
    if (!Number.isSafeInteger(chatId) || (thread !== undefined && !Number.isSafeInteger(threadId)))
      throw new CoPawError('send-refused', 'This is no chat of Telegram.', { next: 'An id of a chat is a number, for a group a negative one.' });
    return { chat_id: chatId, ...(thread === undefined ? {} : { message_thread_id: threadId }) };
  };

  /** Where the group has moved meanwhile it goes there: nothing of it arrived before. */
  const ask = async <T>(to: Address, method: string, params: object, result: z.ZodType<T>, files: readonly Upload[] = []): Promise<Answer<T>> => {
    const answer = await api.ask(method, { ...placeOf(to), ...params }, result, { files });
    if (answer.ok || answer.refusal.movedTo === undefined || moved.has(to.chat)) return answer;
    remember(moved, to.chat, answer.refusal.movedTo, 100);
    hands.log('warn', 'telegram-group-moved', { from: to.chat, to: answer.refusal.movedTo });
    return api.ask(method, { ...placeOf(to), ...params }, result, { files });
  };
  const call = async <T>(to: Address, method: string, params: object, result: z.ZodType<T>, files?: readonly Upload[]): Promise<T> => {
    const answer = await ask(to, method, params, result, files);
    if (answer.ok) return answer.result;
    throw failureOf(answer.refusal);
  };

  const keyboard = (choices: Sendable['choices'] = []) =>
    choices.length === 0 ? {} : { reply_markup: { inline_keyboard: choices.map(({ label, value }) => [{ text: label, callback_data: buttons.data(value) }]) } };

  const words = async (to: Address, text: string, choices: Sendable['choices']): Promise<number> => {
    const params = { text: text === '' ? '…' : text, ...html, link_preview_options: { is_disabled: true }, ...keyboard(choices) };
    return (await call(to, 'sendMessage', params, sent)).message_id;
  };

  const one = async (to: Address, file: File, params: object): Promise<number> => {
    if (isPhoto(file)) {
      const answer = await ask(to, 'sendPhoto', params, sent, [{ field: 'photo', ...file }]);
      if (answer.ok) return answer.result.message_id;
      if (answer.refusal.status !== 400 || !/photo|image/iu.test(answer.refusal.words)) throw failureOf(answer.refusal);
    }
    return (await call(to, 'sendDocument', params, sent, [{ field: 'document', ...file }])).message_id;
  };

  const album = async (to: Address, files: readonly File[], caption: object): Promise<number> => {
    const media = (type: string) => files.map((_, index) => ({ type, media: `attach://file${index}`, ...(index === 0 ? caption : {}) }));
    const uploads = files.map((file, index) => ({ field: `file${index}`, ...file }));
    const result = z.array(sent).min(1);
    if (files.every(isPhoto)) {
      const answer = await ask(to, 'sendMediaGroup', { media: media('photo') }, result, uploads);
      if (answer.ok) return firstId(answer.result);
      if (answer.refusal.status !== 400 || !/photo|image/iu.test(answer.refusal.words)) throw failureOf(answer.refusal);
    }
    return firstId(await call(to, 'sendMediaGroup', { media: media('document') }, result, uploads));
  };

  return {
    async send(to: Address, { text, files = [], choices = [] }: Sendable): Promise<SentRef> {
      if (files.length === 0) return { id: String(await words(to, text, choices)) };
      const groups = inAlbums(await read(files, api.mostUp), api.mostUp);
      const captioned = groups.length === 1 && visibleLength(text) <= mostCaption && (choices.length === 0 || groups[0]?.length === 1);
      const caption = captioned && text !== '' ? { caption: text, ...html } : {};
      const steps = groups.map(
        (group) => () =>
          group.length === 1 && group[0] ? one(to, group[0], { ...caption, ...(captioned ? keyboard(choices) : {}) }) : album(to, group, caption),
      );
      if (!captioned && (text !== '' || choices.length > 0)) steps.unshift(() => words(to, text, choices));
      let first: number | undefined;
      for (const step of steps) {
        const id = first === undefined ? await step() : await afterTheFirst(step, hands);
        first ??= id;
      }
      return { id: String(first) };
    },

    /** The words of a message, or of what a file says below it. */
    async edit(to: Address, { id }: SentRef, { text, choices }: Sendable): Promise<void> {
      const own = { message_id: Number(id), ...html, ...keyboard(choices) };
      const done = z.unknown();
      let answer = await askInChat(to, 'editMessageText', { ...own, text: text === '' ? '…' : text, link_preview_options: { is_disabled: true } });
      if (!answer.ok && /there is no text/iu.test(answer.refusal.words)) answer = await askInChat(to, 'editMessageCaption', { ...own, caption: text });
      if (!answer.ok && !/message is not modified/iu.test(answer.refusal.words)) throw failureOf(answer.refusal);

      function askInChat({ thread: _, ...chat }: Address, method: string, params: object): Promise<Answer<unknown>> {
        return ask(chat, method, params, done); // an edit names no topic
      }
    },

    async typing(to: Address): Promise<void> {
      await call(to, 'sendChatAction', { action: 'typing' }, z.unknown());
    },
  };
}

/** What was sent already cannot be taken back: a failure now is no plain one. */
async function afterTheFirst(step: () => Promise<number>, hands: ChannelHands): Promise<number> {
  try {
    return await step();
  } catch (error) {
    const partly = (cause: unknown): CoPawError =>
      new CoPawError('channel-down', 'Only a part of it arrived: Telegram takes the words and the files one after the other.', { retryable: false, cause });
    if (!(error instanceof CoPawError) || error.code !== 'busy' || (error.retryAfterMs ?? patience + 1) > patience) throw partly(error);
    await hands.clock.sleep(error.retryAfterMs ?? 0);
    return step().catch((again: unknown) => Promise.reject(partly(again)));
  }
}

async function read(files: readonly OutgoingFile[], most: number): Promise<readonly File[]> {
  const all: File[] = [];
  for (const { name, mediaType, size, bytes } of files) {
    const content = size > most ? undefined : await bytes();
    if (!content || content.byteLength > most)
      throw new CoPawError('send-refused', `${name} is larger than 50 MB, the most that Telegram takes from a bot.`, {
        next: 'Send it another way, or in pieces.',
      });
    all.push({ name, mediaType, bytes: content });
  }
  return all;
}

/** As many together as one album may have and one request may carry. */
function inAlbums(files: readonly File[], most: number): readonly (readonly File[])[] {
  const groups: File[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = groups.at(-1);
    if (last && last.length < mostAlbum && bytes + file.bytes.byteLength <= most) last.push(file);
    else {
      groups.push([file]);
      bytes = 0;
    }
    bytes += file.bytes.byteLength;
  }
  return groups;
}

const isPhoto = ({ mediaType, bytes }: File): boolean => /^image\/(?:jpeg|png)$/u.test(mediaType) && bytes.byteLength <= mostPhoto;
const visibleLength = (text: string): number => text.replace(/<[^>]*>/gu, '').replace(/&[a-z]+;/gu, '&').length;
const firstId = ([first]: readonly { readonly message_id: number }[]): number => first?.message_id ?? 0;
