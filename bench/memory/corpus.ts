// Public texts the memory benchmark is made of: two English translations of the same verses, sayings, and Chinese texts, all from Debian packages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

export interface Corpus {
  /** One verse in two translations: the World English Bible is written down, the King James Version asks. */
  readonly verses: readonly { readonly text: string; readonly other: string }[];
  readonly sayings: readonly string[];
  readonly chinese: readonly string[];
}

const sword = '/usr/share/sword/modules/texts/ztext';
const written = `${sword}/engWEB2015eb`;
const asking = `${sword}/engKJV2006eb`;
const fortunes = '/usr/share/games/fortunes';
const chineseFiles: ReadonlySet<string> = new Set(['chinese', 'tang300', 'song100']);

/** Undefined where the packages are not installed. */
export function readCorpus(): Corpus | undefined {
  if (![written, asking, `${fortunes}/chinese`, `${fortunes}/wisdom`].every((path) => existsSync(path))) return undefined;
  const others = verses(asking);
  const files = readdirSync(fortunes).filter((name) => !name.includes('.') && name !== 'ascii-art');
  return {
    verses: [...verses(written)].flatMap(([place, text]) => {
      const other = others.get(place);
      return other === undefined || text.length < 40 || text.length > 400 ? [] : [{ text, other }];
    }),
    sayings: files.filter((name) => !chineseFiles.has(name)).flatMap((name) => cookies(`${fortunes}/${name}`, 60, 500)),
    chinese: [...chineseFiles].flatMap((name) => cookies(`${fortunes}/${name}`, 30, 400)),
  };
}

export const missingCorpus = `The texts are not installed. On Debian or Ubuntu:
  apt-get install --no-install-recommends fortunes fortunes-min fortunes-zh sword-text-web sword-text-kjv`;

/** The verses of a SWORD module (zText, blocks of a book): "Gen.1:4" -> plain text. */
function verses(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of ['ot', 'nt']) {
    const [data, blockIndex, index] = ['bzz', 'bzs', 'bzv'].map((end) => readFileSync(`${folder}/${part}.${end}`)) as [Buffer, Buffer, Buffer];
    const blocks = new Map<number, Buffer>();
    let chapter = '';
    let verse = 0;
    for (let at = 0; at + 10 <= index.length; at += 10) {
      const [block, start, size] = [index.readUInt32LE(at), index.readUInt32LE(at + 4), index.readUInt16LE(at + 8)];
      const open = blocks.get(block) ?? inflate(data, blockIndex, block);
      blocks.set(block, open);
      const text = size === 0 ? '' : open.toString('utf8', start, start + size);
      const begins = /<chapter\b[^>]*osisID="([^"]+)"/u.exec(text)?.[1];
      if (begins !== undefined) [chapter, verse] = [begins, 0];
      else if (chapter !== '') {
        verse++;
        const plain = plainText(text);
        if (plain !== '') found.set(`${chapter}:${verse}`, plain);
      }
    }
  }
  return found;
}

function inflate(data: Buffer, blockIndex: Buffer, block: number): Buffer {
  const [start, size] = [blockIndex.readUInt32LE(block * 12), blockIndex.readUInt32LE(block * 12 + 4)];
  return size === 0 ? Buffer.alloc(0) : inflateSync(data.subarray(start, start + size));
}

function plainText(markup: string): string {
  return markup
    .replace(/<(note|title)\b[\s\S]*?<\/\1>/gu, ' ')
    .replace(/<[^>]*>/gu, '')
    .replaceAll('¶', '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Entries of a file of fortunes between these lengths, each on one line. */
function cookies(file: string, least: number, most: number): string[] {
  return readFileSync(file, 'utf8')
    .split(/^%\s*$/mu)
    .map((entry) => entry.replace(escapes, '').replace(/\s+/gu, ' ').trim())
    .filter((entry) => entry.length >= least && entry.length <= most);
}

const escapes = new RegExp(`${String.fromCharCode(27)}?\\[\\d*m`, 'gu');
