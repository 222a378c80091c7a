// Code as a tree of named pieces, never HTML. Loaded with its grammars when the first code is shown.
import { common, createLowlight } from 'lowlight';

export interface HighlightedProps {
  readonly text: string;
  readonly language: string;
}

export type CodePiece = string | { readonly name: string; readonly pieces: readonly CodePiece[] };

const lowlight = createLowlight(common);
type Found = ReturnType<typeof lowlight.highlight>['children'][number];

/** Colours in one another; what is deeper has the outer one. */
const deepest = 40;

/** What some grammars read again from each of its characters on; no one writes code so. */
const tooLong = /\S{400}|\s{400}/u;

/** Undefined for a language that is not known, and for what would take long to be read. The strings, in order, are the text itself. */
export function highlight(text: string, language: string): readonly CodePiece[] | undefined {
  const name = language.toLowerCase();
  if (!lowlight.registered(name) || tooLong.test(text)) return undefined;
  try {
    return piecesOf(lowlight.highlight(name, text).children, 0);
  } catch {
    return undefined;
  }
}

function piecesOf(found: readonly Found[], depth: number): CodePiece[] {
  const pieces: CodePiece[] = [];
  for (const one of found) {
    if (one.type === 'text') pieces.push(one.value);
    if (one.type !== 'element') continue;
    const inner = piecesOf(one.children, depth + 1);
    const { className } = one.properties;
    // Names of colours alone: a language inside another has its own name there, which is no colour.
    const name = Array.isArray(className) ? className.filter((part) => String(part).startsWith('hljs-')).join(' ') : '';
    if (name === '' || depth > deepest) pieces.push(...inner);
    else pieces.push({ name, pieces: inner });
  }
  return pieces;
}
