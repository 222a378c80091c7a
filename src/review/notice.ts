// The security notice: shown before a home is made, accepted by its hash (R1, R2). The same text is a chapter of SECURITY.md (R4).
import { sha256 } from '../lib/canonical-json.ts';

export interface NoticePoint {
  /** Stable: documents and findings refer to it. */
  readonly anchor: string;
  readonly title: string;
  readonly text: string;
}

/** What whoever runs CoPaw has to know and agree to (R3). Changing a word asks every operator again. */
export const noticePoints: readonly NoticePoint[] = [
  {
    anchor: 'single-operator',
    title: 'One trusted operator',
    text: 'CoPaw serves one person, or one group that trusts each other fully. It is not a service for users who must be kept apart: everyone with the operator credential, and everyone who may edit its home, is the operator.',
  },
  {
    anchor: 'shared-authority',
    title: 'Whoever may write to it acts with your authority',
    text: 'When several people message one CoPaw, they all steer the same tools, files and accounts. Session ids keep conversations apart; they grant and protect nothing.',
  },
  {
    anchor: 'allowlists',
    title: 'Channels and senders are closed until you open them',
    text: 'Enable only channels you use and list only senders you would let sit at your keyboard. An empty list means nobody.',
  },
  {
    anchor: 'separate-boundaries',
    title: 'One CoPaw per circle of trust',
    text: 'People or companies that do not trust each other need separate homes with separate configuration and credentials, under separate OS users or on separate machines.',
  },
  {
    anchor: 'least-privilege',
    title: 'Least privilege and the sandbox',
    text: 'Run CoPaw as an ordinary user, not as root or administrator, and keep the sandbox on. Commands run in it without network unless you agree; where the system offers none, every command asks you first.',
  },
  {
    anchor: 'secrets',
    title: 'Secrets stay out of reach',
    text: 'Keep passwords, keys and private documents out of the workspace and of every directory a skill or tool can read. Give model keys to CoPaw with `copaw models add`; it stores them encrypted and never shows them to the model.',
  },
  {
    anchor: 'capable-model',
    title: 'A capable model for tools and strangers’ text',
    text: 'Web pages, files and messages can carry instructions meant to mislead the model, and weak models follow them more easily. Use a capable current model wherever tools or untrusted input are involved, and read an approval before you answer it.',
  },
  {
    anchor: 'review',
    title: 'Look at it regularly',
    text: 'Review configuration, senders, standing permissions and skills from time to time. A skill you enable has the trust of a program you install.',
  },
];

/** What is printed: plain text, one paragraph a point. */
export const noticeText: string = [
  'Security notice: read before you use CoPaw',
  '',
  'CoPaw is a personal assistant that acts on your machine: it reads and writes files, runs commands, and sends what it reads to the model you choose.',
  'The model can be misled by what it reads; what protects you is the boundaries around it and how you set them up.',
  '',
  ...noticePoints.map(({ title, text, anchor }, index) => `${index + 1}. ${title} [${anchor}]\n   ${text}\n`),
].join('\n');

/** sha256 of the text, hex: what an acceptance is matched by. */
export const noticeSha256: string = sha256(noticeText);
