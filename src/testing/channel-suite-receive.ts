// What comes in: each event with the platform's own ids, the words as they were written, and nothing that a hostile frame could break.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Inbound } from '../core/inbound.ts';
import { addressOf, connected, eventually, letGo, run } from './channel-run.ts';
import type { ChannelWorld } from './channel-world.ts';
import { hostileFrames } from './hostile-frames.ts';

const isText =
  (text: string) =>
  (event: Inbound): boolean =>
    event.kind === 'message' && event.text.includes(text);

export function testReceiving(world: ChannelWorld): void {
  const { can } = world;

  test('words of a person arrive with ids, place and time', () =>
    connected(world, async (platform, { inbox }) => {
      const id = await platform.says({ text: 'Guten Tag, 你好 👋🏽 & <b>x</b>' });
      const event = await inbox.until(isText('Guten Tag'));
      expect(event).toMatchObject({
        ...(can.noIds === true ? {} : { id }),
        ...{ kind: 'message', text: 'Guten Tag, 你好 👋🏽 & <b>x</b>', sender: { id: platform.ids.ana } },
        chat: { id: platform.chat('direct', 'ana'), kind: 'direct' },
      });
      expect(event.sender.self ?? false).toBe(false);
      expect(event.sender.bot ?? false).toBe(false);
      expect(Math.abs(Date.now() - event.at)).toBeLessThan(120_000);
    }));

  test('two people are two, each in a chat of their own', () =>
    connected(world, async (platform, { inbox }) => {
      await platform.says({ text: 'from ana' });
      await platform.says({ text: 'from ben', from: 'ben' });
      const [ana, ben] = [await inbox.until(isText('from ana')), await inbox.until(isText('from ben'))];
      expect([ana.sender.id, ben.sender.id]).toEqual([platform.ids.ana, platform.ids.ben]);
      expect(ana.chat.id).not.toBe(ben.chat.id);
      expect(new Set([ana.id, ben.id]).size).toBe(2);
    }));

  test('any words come through whole and in order', () =>
    connected(world, async (platform, { inbox }) => {
      const words = fc
        .sample(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), { numRuns: 15, seed: 7 })
        .map((text, index) => `${index}: ${text.trim()}.`);
      for (const text of words) await platform.says({ text });
      for (const text of words) await inbox.until(isText(text));
      expect(inbox.events.flatMap((event) => (event.kind === 'message' ? [event.text] : []))).toEqual(words);
    }));

  if (can.group === true)
    test('a group is one, and who is addressed there is said', () =>
      connected(world, async (platform, { inbox }) => {
        await platform.says({ text: 'among us', where: 'group' });
        if (can.mention === true) await platform.says({ text: 'now to you', where: 'group', mention: true });
        const plain = await inbox.until(isText('among us')).catch((error: unknown) => (can.mention === true ? undefined : Promise.reject(error)));
        if (plain) expect(plain).toMatchObject({ chat: { id: platform.chat('group'), kind: 'group' }, sender: { id: platform.ids.ana } });
        if (plain && 'mentioned' in plain) expect(plain.mentioned ?? false).toBe(false);
        if (can.mention === true) {
          const heard = await inbox.until(isText('now to you'));
          expect(heard).toMatchObject({ mentioned: true, chat: { id: platform.chat('group'), kind: 'group' } });
          // A name in front that only addresses is no part of the words: "CoPaw: /stop" is the command.
          expect(heard).toMatchObject({ text: 'now to you' });
        }
      }));

  if (can.self === true || can.bot === true)
    test('what the account itself and other programs say is marked, or does not come', () =>
      connected(world, async (platform, { inbox }) => {
        if (can.self === true) await platform.says({ text: 'my own words', from: 'self', ...(can.group === true ? { where: 'group' } : {}) });
        if (can.bot === true) await platform.says({ text: 'words of a program', from: 'bot' });
        await platform.says({ text: 'the last' });
        await inbox.until(isText('the last'));
        for (const event of inbox.events) {
          if (isText('my own words')(event)) expect(event.sender.self).toBe(true);
          if (isText('words of a program')(event)) expect(event.sender.bot).toBe(true);
        }
      }));

  if (can.reply === true)
    test('an answer names what it answers, as the receipt of the send did', () =>
      connected(world, async (platform, { inbox, channel }) => {
        const sent = await channel.send(addressOf(world, platform), { text: 'a question' }, { answerId: 'answer_1', part: 0 });
        await platform.says({ text: 'this one', replyTo: sent.id });
        expect(await inbox.until(isText('this one'))).toMatchObject({ replyTo: sent.id });
      }));

  if (can.thread === true)
    test('a thread is a place of its own', () =>
      connected(world, async (platform, { inbox }) => {
        const where = can.group === true ? 'group' : 'direct';
        const root = await platform.says({ text: 'the root', where, mention: true });
        await inbox.until(isText('the root'));
        await platform.says({ text: 'below it', where, thread: root, mention: true });
        const below = await inbox.until(isText('below it'));
        expect(below.chat).toMatchObject({ id: platform.chat(where), kind: where, thread: expect.any(String) });
      }));

  if (can.forwarded === true)
    test("somebody else's words are marked", () =>
      connected(world, async (platform, { inbox }) => {
        await platform.says({ text: '/stop', forwarded: true });
        expect(await inbox.until(isText('/stop'))).toMatchObject({ forwarded: true });
      }));

  if (can.editIn === true)
    test('a change of words names the message', () =>
      connected(world, async (platform, { inbox }) => {
        const id = await platform.says({ text: 'wrods' });
        await inbox.until(isText('wrods'));
        await platform.edits?.(id, 'words');
        const event = await inbox.until(({ kind }) => kind === 'edit');
        expect(event).toMatchObject({ target: id, text: 'words', sender: { id: platform.ids.ana } });
      }));

  if (can.deleteIn === true)
    test('a withdrawal names the message', () =>
      connected(world, async (platform, { inbox }) => {
        const id = await platform.says({ text: 'better not' });
        await inbox.until(isText('better not'));
        await platform.withdraws?.(id);
        expect(await inbox.until(({ kind }) => kind === 'delete')).toMatchObject({ target: id });
      }));

  if (can.reactionIn === true)
    test('a reaction names the message and who it is of', () =>
      connected(world, async (platform, { inbox, channel }) => {
        const sent = await channel.send(addressOf(world, platform), { text: 'well?' }, { answerId: 'answer_2', part: 0 });
        await platform.reacts?.(sent.id, '👍');
        expect(await inbox.until(({ kind }) => kind === 'reaction')).toMatchObject({ target: sent.id, added: true, sender: { id: platform.ids.ana } });
      }));

  if (can.filesIn === true)
    test('files come by name and to the byte, and only when they are asked for', () =>
      connected(world, async (platform, { inbox }) => {
        const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256);
        await platform.says({ text: 'look', files: [{ name: 'Bericht 你好.bin', bytes }] });
        const { files } = await inbox.until(({ kind }) => kind === 'message');
        const [file] = files;
        if (!file) throw new Error('There is no file.');
        expect(file.name).toContain('Bericht');
        const pieces: Uint8Array[] = [];
        for await (const piece of await file.open(new AbortController().signal)) pieces.push(piece);
        expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
      }));

  if (can.redelivers === true)
    test('what was not taken comes again, with the same id', async () => {
      const platform = await world.open();
      try {
        let one = await run(world, platform).up();
        one.inbox.refuse(1);
        const id = await platform.says({ text: 'do not lose me' });
        await eventually(() => expect(one.inbox.refused).toHaveLength(1));
        // On the same connection, or on the next.
        const again = await Promise.race([one.inbox.until(isText('do not lose me')), one.ended.then(() => undefined), soon()]);
        if (!again) {
          await letGo(one);
          one = await run(world, platform).up();
        }
        expect((await one.inbox.until(isText('do not lose me'))).id).toBe(id);
        await letGo(one);
      } finally {
        await platform.close();
      }
    });

  test('frames that nobody knows, broken ones and hostile ones change nothing', () =>
    connected(world, async (platform, { inbox }) => {
      for (const frame of hostileFrames) await platform.raw?.(frame);
      await platform.says({ text: 'still there' });
      await inbox.until(isText('still there'));
      for (const event of inbox.events) {
        expect(typeof event.sender.id).toBe('string');
        expect(typeof event.chat.id).toBe('string');
      }
      expect(Object.prototype).not.toHaveProperty('polluted');
    }));
}

const soon = (): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, 1_500, undefined));
