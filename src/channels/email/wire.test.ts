// A mail of a stranger as an event: what it may bring about before anybody knows whether it is listened to.
import type { MessageStructureObject } from 'imapflow';
import { expect, test } from 'vitest';
import { hear } from './wire.ts';

const structure = {
  ...{ type: 'multipart/mixed' },
  childNodes: [
    { type: 'text/plain', part: '1' },
    { type: 'application/pdf', part: '2', disposition: 'attachment', dispositionParameters: { filename: 'a.pdf' } },
  ],
} as unknown as MessageStructureObject;
const settings = { address: 'copaw@example.org', authserv: 'mx', dangerouslyTrustFrom: false };

async function heard(lines: readonly string[], words = 'hello') {
  const asked: (AbortSignal | undefined)[] = [];
  const mailbox = {
    uidValidity: '1',
    words: async () => words,
    async bytes(_uid: number, _part: string, signal?: AbortSignal) {
      asked.push(signal);
      return (async function* () {})();
    },
  };
  const head = ['Authentication-Results: mx; dmarc=pass header.from=evil.example', 'From: eve@evil.example', ...lines].join('\r\n');
  const one = await hear({ uid: 7, head, at: 1, structure }, mailbox, settings, 2);
  if (typeof one === 'string') throw new Error(one);
  return { ...one, asked };
}

test('attack: of ids and a subject without end, no more is kept than an answer says again', async () => {
  const ids = Array.from({ length: 60_000 }, (_, at) => `<${at}>`);
  const { event, thread } = await heard([`References: ${ids.join('')}`, 'Message-ID: <own@x>', `Subject: ${'s'.repeat(250_000)}`]);
  expect(event.chat).toMatchObject({ id: 'eve@evil.example', thread: '0' });
  expect(thread.ids).toEqual(['0', ...Array.from({ length: 18 }, (_, at) => String(59_982 + at)), 'own@x']);
  expect(thread.subject).toHaveLength(500);
  const { event: cut } = await heard([], 'x\n'.repeat(500_000));
  expect(cut).toMatchObject({ kind: 'message', text: 'x\n'.repeat(50_000).trim() });
});

test('a file is asked for with the signal of whoever fetches it', async () => {
  const { files, asked } = await heard([]);
  const { signal } = new AbortController();
  await files[0]?.open(signal);
  expect(asked).toEqual([signal]);
});
