// What goes out: whole, within the platform's limits, once; and what each failure of the platform means.
import { expect, test } from 'vitest';
import { previewKey, type Sendable } from '../core/channel.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import { render } from '../gateway/render/render.ts';
import { addressOf, connected, eventually, letGo, sendable } from './channel-run.ts';
import type { ChannelWorld, Platform, PlatformFault } from './channel-world.ts';
import { nastyMarkdown } from './nasty-markdown.ts';

const key = (part = 0, answerId = 'answer_s') => ({ answerId, part });

export function testSending(world: ChannelWorld): void {
  const { can, asShown: shownAs = (text) => text } = world;

  test('words arrive where they are sent, as they were written, with a receipt', () =>
    connected(world, async (platform, { channel }) => {
      const [part] = render('Hello *there*, 你好 👋 <&> `code`', channel.limits, String).parts;
      if (!part) throw new Error('Nothing was rendered.');
      const { id } = await channel.send(addressOf(world, platform), part, key());
      await eventually(async () =>
        expect(await platform.shown()).toMatchObject([{ id, chat: platform.chat('direct', 'ana'), text: shownAs(part.text), edits: 0 }]),
      );
    }));

  if (can.group === true)
    test('a group and, where there are any, a thread are reached', () =>
      connected(world, async (platform, { channel, inbox }) => {
        await channel.send(addressOf(world, platform, 'group'), { text: 'to all' }, key());
        await eventually(async () => expect(await platform.shown()).toMatchObject([{ chat: platform.chat('group'), text: 'to all' }]));
        if (can.thread !== true) return;
        const root = await platform.says({ text: 'root', where: 'group', mention: true });
        await platform.says({ text: 'below', where: 'group', thread: root, mention: true });
        const { chat } = await inbox.until((event) => event.kind === 'message' && event.text.includes('below'));
        await channel.send(addressOf(world, platform, 'group', 'ana', chat.thread), { text: 'in it' }, key(1));
        await eventually(async () => expect((await platform.shown()).at(-1)).toMatchObject({ text: 'in it', thread: expect.any(String) }));
      }));

  test(
    '20,000 characters of nasty Markdown arrive whole, each part as it was made',
    () =>
      connected(world, async (platform, { channel }) => {
        const limits = { ...channel.limits, media: false };
        const { parts } = render(nastyMarkdown(20_000), limits, String);
        expect(parts.length).toBeGreaterThan(0);
        for (const [index, part] of parts.entries()) await channel.send(addressOf(world, platform), part, key(index));
        await eventually(async () => expect((await platform.shown()).map(({ text }) => text)).toEqual(parts.map(({ text }) => shownAs(text))));
      }),
    60_000,
  );

  test('words that are one character over any round number', () =>
    connected(world, async (platform, { channel }) => {
      const long = 'ä'.repeat(channel.limits.textLength);
      const { parts } = render(long, channel.limits, String);
      for (const [index, part] of parts.entries()) await channel.send(addressOf(world, platform), part, key(index));
      await eventually(async () => expect((await platform.shown()).map(({ text }) => text).join('')).toContain('ä'.repeat(100)));
      expect(platform.complaints).toEqual([]);
    }));

  test('what is possible is said in the limits, and nothing else', () =>
    connected(world, async (platform, { channel }) => {
      const { limits } = channel;
      expect({ edit: limits.edit, media: limits.media }).toEqual({ edit: channel.edit !== undefined, media: can.filesOut ?? false });
      expect(limits.threads).toBe(can.thread ?? false);
      expect(limits.choices).toBe(platform.presses !== undefined);
      expect(limits.textLength).toBeGreaterThanOrEqual(160);
    }));

  if (can.filesOut === true)
    test('files go by name and to the byte, with and without words', () =>
      connected(world, async (platform, { channel }) => {
        const bytes = Uint8Array.from({ length: 50_000 }, (_, index) => (index * 17) % 256);
        const file = { name: 'report.bin', mediaType: 'application/octet-stream', size: bytes.length, path: 'x/report.bin', bytes: async () => bytes };
        await channel.send(addressOf(world, platform), sendable({ text: 'here' }, [file]), key());
        await eventually(async () => {
          const files = (await platform.shown()).flatMap((message) => message.files);
          expect(files.map(({ name }) => name)).toEqual(['report.bin']);
          expect(Buffer.from(files[0]?.bytes ?? []).equals(bytes)).toBe(true);
        });
      }));

  test('buttons are shown and mean what they say', () =>
    connected(world, async (platform, { channel, inbox }) => {
      if (!channel.limits.choices || !platform.presses) return expect(channel.limits.choices).toBe(false);
      const value = `approval:${'a'.repeat(20)}:once:${'b'.repeat(16)}`;
      const choices = [
        { label: 'Yes', value },
        { label: 'No', value: 'approval:x:deny:y' },
      ];
      const { id } = await channel.send(addressOf(world, platform), { text: 'May I?', choices }, key());
      await eventually(async () => expect((await platform.shown())[0]?.choices.map(({ label }) => label)).toEqual(['Yes', 'No']));
      await platform.presses(id, (await platform.shown())[0]?.choices[0]?.value ?? '');
      expect(await inbox.until(({ kind }) => kind === 'choice')).toMatchObject({ target: id, value, sender: { id: platform.ids.ana } });
    }));

  test('an edit replaces the words in their place', () =>
    connected(world, async (platform, { channel }) => {
      if (!channel.edit) return expect(channel.limits.edit).toBe(false);
      const to = addressOf(world, platform);
      const ref = await channel.send(to, { text: 'first', goesOn: true }, key());
      await channel.edit(to, ref, { text: 'second' });
      await eventually(async () => expect(await platform.shown()).toMatchObject([{ id: ref.id, text: 'second', edits: 1 }]));
      await channel.edit(to, ref, { text: 'second' });
    }));

  test('an answer that grows ends in its last words, in one message, which is no part of it', () =>
    connected(world, async (platform, { channel }) => {
      if (!channel.edit) return expect(channel.limits.editMs).toBeUndefined();
      expect(channel.limits.editMs ?? 1_500).toBeGreaterThanOrEqual(500);
      const to = addressOf(world, platform);
      const words = Array.from({ length: 40 }, (_, index) => `word ${index} of *some* <text>`).join(', ');
      const textAt = (length: number): Sendable => render(`${words.slice(0, length)} …`, channel.limits, String).parts[0] ?? { text: '…' };
      const ref = await channel.send(to, { ...textAt(20), goesOn: true }, previewKey('answer_grows'));
      for (const length of [60, 200, 500]) await channel.edit(to, ref, { ...textAt(length), goesOn: true });
      const last = textAt(words.length);
      await channel.edit(to, ref, last);
      // Whatever became of it, it may be asked again.
      await channel.edit(to, ref, last);
      await eventually(async () => expect(await platform.shown()).toMatchObject([{ id: ref.id, text: shownAs(last.text), choices: [], files: [] }]));
      await channel.send(to, { text: 'the next part' }, key(0, 'answer_grows'));
      await eventually(async () => expect((await platform.shown()).map(({ text }) => text)).toEqual([last.text, 'the next part'].map(shownAs)));
    }));

  test('typing is shown without a trace', () =>
    connected(world, async (platform, { channel }) => {
      await channel.typing?.(addressOf(world, platform));
      expect(await platform.shown()).toEqual([]);
    }));

  const meanings: readonly (readonly [PlatformFault, (error: unknown) => void])[] = [
    ['unauthenticated', (error) => expect(toCoPawError(error).code).toBe('unauthenticated')],
    ['forbidden', (error) => expect(toCoPawError(error).code).toBe('send-refused')],
    [
      'busy',
      (error) => {
        expect(error).toBeInstanceOf(CoPawError);
        expect(toCoPawError(error)).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) });
      },
    ],
    ['broken', (error) => expect(error).toBeInstanceOf(Error)],
  ];
  for (const [fault, check] of meanings)
    test(`a send that is answered with "${fault}" says what that means, and shows nothing`, () =>
      connected(world, async (platform, one) => {
        if (!platform.next) return;
        platform.next(fault);
        check(await failure(one.channel.send(addressOf(world, platform), { text: 'hello' }, key())));
        expect(await platform.shown()).toEqual([]);
        const again = await one.channel.send(addressOf(world, platform), { text: 'hello' }, key()).catch((error: unknown) => error);
        if (again instanceof Error) expect(await one.ended, 'it says no more than that it ended').toBeDefined();
      }));

  test('a send whose answer is lost is never said to have failed, and can be looked up where the platform knows', () =>
    connected(world, async (platform, { channel }) => {
      if (!platform.next) return;
      platform.next('lost');
      const error = await failure(channel.send(addressOf(world, platform), { text: 'perhaps' }, key(0, 'answer_lost')));
      const { code, retryable } = toCoPawError(error);
      expect(error instanceof CoPawError && (retryable || code === 'send-refused')).toBe(false);
      await arrived(platform, 1);
      if (!channel.reconcile) return;
      const to = addressOf(world, platform);
      expect(await channel.reconcile(to, key(0, 'answer_lost'))).toEqual({ id: (await platform.shown())[0]?.id });
      expect(await channel.reconcile(to, key(0, 'answer_other'))).toBe('absent');
    }));

  test('after its end a send ends too', () =>
    connected(world, async (platform, one) => {
      await letGo(one);
      await inTime(one.channel.send(addressOf(world, platform), { text: 'late' }, key()).catch(() => undefined));
    }));
}

const arrived = (platform: Platform, count: number): Promise<void> => eventually(async () => expect(await platform.shown()).toHaveLength(count));

async function failure(sending: Promise<unknown>): Promise<unknown> {
  return inTime(
    sending.then(
      () => Promise.reject(new Error('It was sent.')),
      (error: unknown) => error,
    ),
  );
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('It neither failed nor ended.')), 20_000);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
