// However an answer fails to be written, its turn can end; only a disk that takes no more stops it.
import { expect, test } from 'vitest';
import { createComposer, type OutgoingParts } from './outgoing.ts';
import { words } from './words.ts';

const turn = { address: { channel: 'fake', account: 'main', chat: 'c' }, agentId: 'main', answerId: 'ans', sessionId: 's' };
const code = `\`\`\`\n${'line\n'.repeat(500)}\`\`\``;
const limits = { dialect: 'plain', textLength: 500, media: true, edit: false, choices: false, threads: false } as const;

function compose(more: Partial<OutgoingParts>) {
  const faults: string[] = [];
  const composer = createComposer({
    ...{
      limits: () => limits,
      files: () => ({ write: async () => undefined }),
      mark: async () => undefined,
      words: () => words('en'),
      grows: () => false,
      redact: (text) => text,
    },
    onFault: (error) => faults.push(String(error)),
    ...more,
  });
  return { composer, faults, answer: () => composer.answer(turn, { text: code }) };
}
const fails = (error: Error) => async (): Promise<never> => {
  throw error;
};

test.each([
  ['its file cannot be written', { files: () => ({ write: fails(new Error('EACCES')) }) }],
  ['its file cannot be marked', { mark: fails(new Error('store')) }],
])('fault: %s, and the answer is parts without files', async (_, more) => {
  const { answer, faults } = compose(more);
  const parts = await answer();
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.flatMap(({ text }) => text.match(/line/gu) ?? [])).toHaveLength(500);
  expect(parts.flatMap(({ files = [] }) => files)).toEqual([]);
  expect(faults).toHaveLength(1);
});

test.each(['ENOSPC', 'EROFS', 'EMFILE'])('fault: %s is no end: the answer is asked for again', async (code) => {
  const { answer, faults } = compose({ files: () => ({ write: fails(Object.assign(new Error('disk'), { code })) }) });
  await expect(answer()).rejects.toThrow('disk');
  expect(faults).toEqual([]);
});

test('fault: nothing can be written in the dialect, and something is said all the same', async () => {
  const { answer, faults } = compose({ limits: () => ({ ...limits, dialect: 'none' as 'plain' }) });
  expect(await answer()).toEqual([{ text: '…' }]);
  expect(faults).toHaveLength(4);
});

test('attack: Markdown is not taken for the dialect of a channel whose limits nobody knows', async () => {
  expect(await compose({ limits: () => undefined }).answer()).toEqual([{ text: code, unwritten: true }]);
});

test('where answers grow, files that would come with the only part come behind it', async () => {
  const files = [{ name: 'a *b*.txt', mediaType: 'text/plain', size: 1, path: 'a' }];
  const answer = (grows: boolean) => compose({ grows: () => grows }).composer.answer(turn, { text: 'Here.', files });
  expect(await answer(false)).toEqual([{ text: 'Here.', files }]);
  expect(await answer(true)).toEqual([{ text: 'Here.' }, { text: 'a *b*.txt', files }]);
});

test('fault: where answers grow, files without words came with the only part, and nothing took the place of the preview', async () => {
  const files = [{ name: 'a.txt', mediaType: 'text/plain', size: 1, path: 'a' }];
  const answer = (grows: boolean) => compose({ grows: () => grows }).composer.answer(turn, { text: '', files });
  expect(await answer(false)).toEqual([{ text: '…', files }]);
  expect(await answer(true)).toEqual([{ text: '…' }, { text: 'a.txt', files }]);
});
