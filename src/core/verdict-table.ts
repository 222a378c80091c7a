// The default verdicts as data: one row per effect, one column per origin, as SECURITY.md prints them. Rules only make them stricter.
import type { Address, Origin } from './address.ts';
import { ownChannels } from './channel-config.ts';

export type Cell = 'allow' | 'ask' | 'deny';
/** `own …`: that, inside the group's own folder; elsewhere deny. */
type TableCell = Cell | 'own allow' | 'own ask';

/** First what the effect is, for the sentence a person reads before answering; then one column per origin. */
type Row = readonly [says: string, operator: TableCell, direct: TableCell, group: TableCell, unattended: TableCell];
const columns = { operator: 1, direct: 2, group: 3, unattended: 4 } as const satisfies Record<Origin, number>;

export const verdictTable = {
  read: ['reads files of the workspace', 'allow', 'allow', 'own allow', 'allow'],
  write: ['writes files of the workspace', 'allow', 'allow', 'own ask', 'deny'],
  delete: ['moves files to the trash', 'allow', 'allow', 'own ask', 'deny'],
  run: ['runs a command in the sandbox, without network', 'allow', 'allow', 'ask', 'deny'],
  'run-network': ['runs a command with network access or outside a sandbox', 'ask', 'ask', 'deny', 'deny'],
  'run-listed-network': ['runs a command in the sandbox that reaches the listed hosts alone', 'ask', 'ask', 'deny', 'deny'],
  'fetch-seen': ['fetches an address that was named in the conversation', 'allow', 'allow', 'allow', 'allow'],
  'fetch-known': ['fetches a page from a known host', 'allow', 'allow', 'allow', 'deny'],
  'fetch-composed': ['fetches an address that nobody named', 'ask', 'ask', 'deny', 'deny'],
  secret: ['uses a secret', 'ask', 'ask', 'deny', 'deny'],
  opaque: ['does something CoPaw cannot look into', 'ask', 'ask', 'deny', 'deny'],
  'send-here': ['sends into this conversation', 'allow', 'allow', 'allow', 'allow'],
  'send-elsewhere': ['sends something elsewhere', 'ask', 'ask', 'deny', 'deny'],
  reminder: ['sets a reminder', 'allow', 'allow', 'deny', 'deny'],
  schedule: ['makes or changes a schedule', 'ask', 'ask', 'deny', 'deny'],
  agent: ['starts a sub-agent', 'allow', 'allow', 'deny', 'deny'],
  'memory-read': ['reads private memory', 'allow', 'allow', 'deny', 'allow'],
  'memory-write': ['writes private memory', 'allow', 'allow', 'deny', 'deny'],
} as const satisfies Record<string, Row>;

export type EffectRow = keyof typeof verdictTable;

export function isEffectRow(name: string): name is EffectRow {
  return Object.hasOwn(verdictTable, name);
}

const strictness: Readonly<Record<Cell, number>> = { allow: 0, ask: 1, deny: 2 };

export function strictest(a: Cell, b: Cell): Cell {
  return strictness[a] >= strictness[b] ? a : b;
}

/** The columns that count, the strictest of them: what comes by itself is also judged as whoever reads the answer (R13). */
export function columnsOf(origin: Origin, { channel, peer }: Address): readonly Origin[] {
  if (origin !== 'unattended' || ownChannels.has(channel)) return [origin];
  return [origin, peer === undefined ? 'group' : 'direct'];
}

/** The default for one effect. `own`: it stays inside the folder of the group that is answered. */
export function defaultVerdict(effect: EffectRow, origin: Origin, address: Address, own: boolean): Cell {
  return columnsOf(origin, address)
    .map((column) => cellOf(effect, column, own))
    .reduce(strictest);
}

function cellOf(effect: EffectRow, column: Origin, own: boolean): Cell {
  const cell: TableCell = verdictTable[effect][columns[column]];
  if (cell === 'own allow') return own ? 'allow' : 'deny';
  if (cell === 'own ask') return own ? 'ask' : 'deny';
  return cell;
}

/** Large reference sites whose pages may be fetched unasked. `*.` covers subdomains. None of them gives its visitors a host name of their own. */
export const referenceHosts: readonly string[] =
  '*.wikipedia.org www.wikidata.org developer.mozilla.org docs.python.org nodejs.org doc.rust-lang.org learn.microsoft.com html.spec.whatwg.org www.w3.org www.rfc-editor.org datatracker.ietf.org www.postgresql.org arxiv.org'.split(
    ' ',
  );
