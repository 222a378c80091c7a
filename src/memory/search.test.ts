// Search on a real index: each way a question is read, and what is said where nothing fits.
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../core/store.ts';
import { openStore } from '../store/open-store.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createFakeEmbedder } from '../testing/fake-embedder.ts';
import { type TempFolder, tempFolder } from '../testing/temp-home.ts';
import { chunk } from './chunk.ts';
import { createMeaning } from './meaning.ts';
import { searchMemory } from './search.ts';

const today = '2026-06-15';
let folder: TempFolder;
let store: Store;
beforeEach(async () => {
  folder = tempFolder();
  store = await openStore(join(folder.path, 'copaw.db'));
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

/** Notes of no interest, so that rare words are rare. */
const others = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => [`memory/other/${at}.md`, `Nothing much happened, note number${at} about errand${at % 7} and weather${at % 5}.`]),
);

async function keep(files: Record<string, string>): Promise<void> {
  const all = Object.entries({ ...others, ...files });
  await store.memoryIndex.replaceAll(
    'main',
    all.map(([path, text]) => ({ path, stamp: '1', chunks: chunk(text, { path }) })),
  );
}
const find = async (question: string, limit = 5) => searchMemory({ index: store.memoryIndex, today }, 'main', question, limit);
const texts = async (question: string) => (await find(question)).hits.map(({ text }) => text);

test('another form of a word, another spelling and a related word find the note', async () => {
  await keep({ 'a.md': 'Favourite colour of Ann: teal.', 'b.md': 'Ben is employed by Northwind.', 'c.md': 'We walked along the harbour.' });
  expect((await texts('favorite color Ann'))[0]).toContain('teal');
  expect((await texts('Which company does Ben work for?'))[0]).toContain('Northwind');
  expect((await texts('walking harbour'))[0]).toContain('walked');
});

test('a misspelled word is put right, and the answer says so; one that is known is left alone', async () => {
  await keep({ 'a.md': 'The dentist is called Moreau.' });
  const finding = await find('dentits');
  expect(finding.hits.map(({ path }) => path)).toEqual(['a.md']);
  expect(finding.read).toEqual({ corrected: { dentits: 'dentist' } });
  expect((await find('dentist')).read).toBeUndefined();
});

describe('days', () => {
  beforeEach(() =>
    keep({
      'memory/2025-03-03.md': 'Lunch with Ann, about sailing.',
      'memory/2025-08-09.md': 'Lunch with Ann, about pottery.',
      'memory/2026-06-14.md': 'Bought a red kite.',
    }),
  );

  test('narrow a question to the notes of then', async () => {
    const finding = await find('What did Ann talk about at lunch in March 2025?');
    expect(finding.hits[0]).toMatchObject({ path: 'memory/2025-03-03.md', day: '2025-03-03' });
    expect(finding.read).toEqual({ days: ['2025-03-01', '2025-03-31'] });
    expect((await texts('Ann lunch on 9 August 2025'))[0]).toContain('pottery');
  });

  test('alone ask for what was written on them', async () => {
    expect(await texts('yesterday')).toEqual(['Bought a red kite.']);
    expect(await texts('What happened on 14 June 2026?')).toEqual(['Bought a red kite.']);
    expect(await texts('昨天')).toEqual(['Bought a red kite.']);
  });

  test('that have no such note leave what was written at other times', async () => {
    expect(await texts('red kite in March 2025')).toEqual(['Bought a red kite.']);
  });
});

describe('what changes', () => {
  beforeEach(() =>
    keep({
      'MEMORY.md': '- ~~2025-01-05 Ann lives in Lisbon~~ (until 2025-11-26)\n- 2025-11-26 Ann lives in Porto\n',
      'memory/2024-02-01.md': 'Ben lives in Osaka.',
      'memory/2025-02-01.md': 'Ben lives in Dakar.',
    }),
  );

  test('now: the newest, and what was replaced comes after it', async () => {
    const { hits } = await find('Where does Ann live now?');
    expect(hits.slice(0, 2).map(({ text, superseded }) => [text.includes('Porto'), superseded])).toEqual([
      [true, undefined],
      [false, '2025-11-26'],
    ]);
    expect((await texts('Where does Ben live now?'))[0]).toContain('Dakar');
    expect((await texts('Where does Ann live?'))[0]).toContain('Porto');
  });

  test('as of a day: what held on it', async () => {
    expect((await texts('Where did Ann live as of 2025-06-01?'))[0]).toContain('Lisbon');
    expect((await texts('Where did Ann live as of 1 December 2025?'))[0]).toContain('Porto');
    expect((await texts('Where did Ben live as of 1 June 2024?'))[0]).toContain('Osaka');
  });
});

test('words that are taken for a day, and are none of that day, are words', async () => {
  await keep({ 'a.md': '四月十七，正是去年今日，别君时。', 'b.md': '金樽清酒斗十千，玉盘珍羞直万钱。', 'c.md': '十步杀一人，千里不留行。' });
  expect(await texts('四月十')).toContain('四月十七，正是去年今日，别君时。');
});

test('a sentence that is taken for one about a day still finds what its bare words find', async () => {
  const within = Array.from({ length: 9 }, (_, at) => [`memory/2026-0${1 + (at % 5)}-1${at}.md`, `Rabbits eat whatever grows in field${at}.`] as const);
  await keep({ ...Object.fromEntries(within), 'a.md': 'Rabbits eat this year whatever grows.' });
  const { hits, read } = await find('rabbits eat this year whatever grows');
  expect(read).toEqual({ days: ['2026-01-01', '2026-12-31'] });
  expect(hits.slice(0, 4).every(({ path }) => path.startsWith('memory/2026'))).toBe(true);
  expect(hits[4]?.path).toBe('a.md');
});

test('an answer in two notes: the second is found through what the first one names', async () => {
  await keep({ 'a.md': 'Ann has a new dentist, Dr Moreau.', 'b.md': 'Moreau, Harbour Street 4: phone 555 0199.' });
  expect((await texts('What is the phone number of the dentist of Ann?')).slice(0, 2)).toEqual([
    'Ann has a new dentist, Dr Moreau.',
    'Moreau, Harbour Street 4: phone 555 0199.',
  ]);
});

test('Chinese is found however it is cut, and beside English', async () => {
  await keep({ 'a.md': '我们五月去京都看樱花', 'b.md': '和Ann在上海开会，讨论了sailing的预算。' });
  expect(await texts('京都樱花')).toEqual(['我们五月去京都看樱花']);
  expect((await texts('Ann 预算'))[0]).toContain('上海');
});

test('nothing fits: nothing is answered, also for words that only make questions', async () => {
  await keep({ 'a.md': 'Ann lives in Porto.' });
  for (const question of ['quantum chromodynamics lecture', 'zzzz', '?!', '', 'submarine landlord of the emperor'])
    expect(await find(question), question).toEqual({ hits: [] });
});

test('a whole sentence, though of small words, asks for less of the few others than a short question does', async () => {
  const things = ['hums', 'leaks', 'stove', 'tray', 'lamp', 'shelf'].flatMap((word) => [`Kettle ${word} east.`, `Kettle ${word} west.`]);
  await keep(Object.fromEntries(things.map((text, at) => [`${at}.md`, text])));
  expect(await texts('kettle stove tray lamp shelf')).toEqual([]);
  expect(await texts('I do not know what it was that we had them do to the kettle, if it should have been by the stove, tray, lamp or shelf')).toHaveLength(5);
  // Of so many words one may be in no note; of fewer it may be all that is asked about.
  expect(await texts('I do not know what it was that we had them do to the qwxful, if it was by the stove, tray, lamp or shelf')).toHaveLength(5);
  expect(await texts('what did we do to the qwxful by the stove, tray, lamp or shelf')).toEqual([]);
});

test('a few words that no note has together want a note each; where one of them is unknown they are no list', async () => {
  await keep({ 'a.md': 'Ann lives in Lisbon.', 'b.md': 'Ben was born in Porto.', 'c.md': 'The tea is green.' });
  expect((await texts('Lisbon Porto tea')).sort()).toEqual(['Ann lives in Lisbon.', 'Ben was born in Porto.', 'The tea is green.']);
  expect(await texts('Lisbon quantum chromodynamics')).toEqual([]);
});

test('what is said twice is answered once, and never more than asked for', async () => {
  await keep({ 'a.md': 'The red kite is in the attic.', 'memory/b.md': 'The red kite is in the attic.', 'c.md': 'The red kite is old.' });
  expect((await texts('red kite attic')).filter((text) => text.includes('attic'))).toHaveLength(1);
  expect((await find('red kite', 1)).hits).toHaveLength(1);
});

test('another agent’s words neither answer nor correct', async () => {
  await keep({ 'a.md': 'Ann lives in Porto.' });
  await store.memoryIndex.replace('other', 'x.md', '1', chunk('The clandestine harbour', { path: 'x.md' }));
  expect(await find('clandestine')).toEqual({ hits: [] });
  expect(await find('clandestime')).toEqual({ hits: [] });
});

describe('by meaning', () => {
  const same = [
    ['boat', 'vessel', 'yacht'],
    ['sold', 'disposed'],
  ];
  const withMeaning = () => {
    const fake = createFakeEmbedder(same);
    const failures: unknown[] = [];
    const clock = createFakeClock();
    const embedder = { model: 'p/m', embed: async (_agent: string, all: readonly string[]) => (await fake.embed({ model: 'm', texts: all })).vectors };
    const meaning = createMeaning({ index: store.memoryIndex, clock, embedder: () => embedder, onFailure: (error) => failures.push(error) });
    const ask = async (question: string) =>
      (await searchMemory({ index: store.memoryIndex, meaning, today }, 'main', question, 5)).hits.map(({ text }) => text);
    return { fake, failures, clock, meaning, ask };
  };
  const fill = async ({ meaning }: ReturnType<typeof withMeaning>) => {
    meaning.fill('main');
    meaning.fill('main');
    await meaning.idle();
  };

  test('a note without a word of the question is found once it has its vector, and the words still count', async () => {
    await keep({ 'a.md': 'Disposed vessel.', 'b.md': 'boat show on the lake' });
    const world = withMeaning();
    expect(await world.ask('sold yacht')).toEqual([]);
    await fill(world);
    expect(await world.ask('sold yacht')).toContain('Disposed vessel.');
    expect((await world.ask('boat show'))[0]).toBe('boat show on the lake');
  });

  test('each note is sent once, and again only when it says something else', async () => {
    await keep({ 'a.md': 'one thing' });
    const world = withMeaning();
    await fill(world);
    const sent = world.fake.texts.length;
    expect(sent).toBe(41);
    await store.memoryIndex.replace('main', 'a.md', '2', chunk('\n\none thing\n\nanother thing', { path: 'a.md' }));
    await fill(world);
    expect(world.fake.texts.slice(sent)).toEqual(['another thing']);
  });

  test('a provider that fails leaves the words alone to answer, is told of once, and is asked again after a rest', async () => {
    await keep({ 'a.md': 'The red kite is in the attic.' });
    const world = withMeaning();
    world.fake.fail(new Error('down'));
    await fill(world);
    expect(await world.ask('red kite')).toEqual(['The red kite is in the attic.']);
    expect(world.failures).toEqual([new Error('down')]);
    world.fake.fail(undefined);
    await fill(world);
    expect(world.fake.texts, 'it still rests').toEqual([]);
    await world.clock.advance(5 * 60_000);
    await fill(world);
    expect(world.fake.texts).toHaveLength(41);
  });
});
