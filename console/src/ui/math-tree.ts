// TeX as MathML elements of React: only elements, attributes and styles that are known, and none that loads or leads anywhere. Loaded with the first formula.
import { createElement, type ReactNode } from 'react';
import temml from 'temml';

export interface FormulaProps {
  /** As it was written, with its delimiters. */
  readonly raw: string;
  readonly tex: string;
  /** It stands by itself, large. */
  readonly display: boolean;
}

/** As the library hands it out. */
interface Node {
  readonly type?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly classes?: readonly string[];
  readonly style?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const elements = words(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose merror',
);
const attributes = words(
  'display displaystyle scriptlevel mathvariant mathsize mathcolor mathbackground width height depth lspace rspace voffset fence form stretchy symmetric separator movablelimits accent accentunder linethickness largeop minsize maxsize notation columnalign rowspacing columnspacing columnlines rowlines frame side columnspan rowspan',
);
const styles = words(
  'display color backgroundColor border borderTop borderBottom borderLeft borderRight padding paddingLeft paddingRight paddingTop paddingBottom width height mathDepth mathStyle mathShift verticalAlign',
);

/** Undefined where it is no TeX that is known here. */
export function mathTree(tex: string, display: boolean): ReactNode {
  try {
    const tree: Node = temml.__renderToMathMLTree(tex, { displayMode: display, throwOnError: true, strict: false, maxExpand: 200, maxSize: [25, 25] });
    return elementOf(tree, 0);
  } catch {
    // Half a formula, or another language of formulas: the reader sees what was written.
    return undefined;
  }
}

function elementOf({ type, text, attributes: given = {}, classes = [], style = {}, children = [] }: Node, key: number): ReactNode {
  if (text !== undefined) return text;
  const inner = children.map(elementOf);
  if (type === undefined || !elements.has(type)) return inner;
  const className = classes.filter((name) => /^[\w-]+$/u.test(name)).join(' ');
  return createElement(type, { key, ...(className === '' ? {} : { className }), style: kept(style, styles, camelCase), ...kept(given, attributes) }, ...inner);
}

function kept(all: Readonly<Record<string, unknown>>, known: ReadonlySet<string>, name = (given: string): string => given): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).flatMap(([given, value]) => (known.has(name(given)) && !/url|:\/\//iu.test(String(value)) ? [[name(given), String(value)]] : [])),
  );
}

const camelCase = (name: string): string => name.replace(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
