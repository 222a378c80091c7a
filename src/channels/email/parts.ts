// What a mail is made of, as its server lists it: which part holds the words, and which are files. Nothing is fetched for it.
import type { MessageStructureObject } from 'imapflow';
import { readable } from './headers.ts';

export interface FilePart {
  readonly part: string;
  readonly name: string;
  /** About how many bytes it will be. */
  readonly size?: number;
}

export interface MailParts {
  readonly words?: { readonly part: string; readonly html: boolean };
  readonly files: readonly FilePart[];
  /** A whole mail is in it. */
  readonly carriesMail: boolean;
}

const mostFiles = 20;
const mostParts = 200;

export function partsOf(root: MessageStructureObject | undefined): MailParts {
  const leaves: MessageStructureObject[] = [];
  const walk = (node: MessageStructureObject, depth: number): void => {
    if (leaves.length >= mostParts || depth > 20) return;
    if (node.childNodes && node.type.startsWith('multipart/')) for (const child of node.childNodes) walk(child, depth + 1);
    else leaves.push(node);
  };
  if (root) walk(root, 0);
  const isWords = ({ type, disposition }: MessageStructureObject, wanted: string): boolean => type === wanted && disposition !== 'attachment';
  const plain = leaves.find((leaf) => isWords(leaf, 'text/plain'));
  const words = plain ?? leaves.find((leaf) => isWords(leaf, 'text/html'));
  const files = leaves.filter(
    (leaf) => leaf !== words && !(isWords(leaf, 'text/html') && nameOf(leaf) === undefined) && !(leaf !== plain && isUnnamedText(leaf)),
  );
  return {
    ...(words ? { words: { part: words.part ?? '1', html: words !== plain } } : {}),
    files: files.slice(0, mostFiles).map((leaf) => ({ part: leaf.part ?? '1', name: nameOf(leaf) ?? usualName(leaf.type), ...sizeOf(leaf) })),
    carriesMail: leaves.some(({ type }) => type === 'message/rfc822'),
  };
}

const isUnnamedText = (leaf: MessageStructureObject): boolean =>
  leaf.type.startsWith('text/') && leaf.disposition !== 'attachment' && nameOf(leaf) === undefined;

function nameOf({ dispositionParameters, parameters }: MessageStructureObject): string | undefined {
  const name = dispositionParameters?.filename ?? parameters?.name;
  return name === undefined || name.trim() === '' ? undefined : readable(name).slice(0, 1_000);
}

function usualName(type: string): string {
  if (type === 'message/rfc822') return 'message.eml';
  const [, sub = 'bin'] = type.split('/', 2);
  return `file.${/^[a-z0-9]{1,10}$/u.test(sub) ? sub : 'bin'}`;
}

/** Base64 has 78 characters with their end for 57 bytes. */
const sizeOf = ({ size, encoding }: MessageStructureObject): { size?: number } =>
  size === undefined ? {} : { size: encoding?.toLowerCase() === 'base64' ? Math.floor((size * 57) / 78) : size };
