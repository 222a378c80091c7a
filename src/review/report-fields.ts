// What a report of a vulnerability needs, as data: SECURITY.md prints it and `copaw security report` asks for it.

export interface ReportField {
  readonly title: string;
  /** What it holds, for a table cell. */
  readonly holds: string;
  /** Filled in by CoPaw. */
  readonly filled?: true;
  /** Only where credentials are exposed. */
  readonly optional?: true;
}

export const reportFields: readonly ReportField[] = [
  { title: 'Title', holds: 'one sentence' },
  { title: 'Severity', holds: 'your assessment and why' },
  { title: 'Impact', holds: 'what an attacker gains' },
  { title: 'Affected component', holds: 'which room or door' },
  { title: 'Exact path', holds: 'file, function and lines on a current revision' },
  { title: 'Version and commit', holds: 'what was tested, as `copaw version --json` prints it', filled: true },
  { title: 'Environment', holds: 'operating system, Node version, how CoPaw runs, sandbox state', filled: true },
  { title: 'Reproduction', holds: 'steps or a script that work on the current version' },
  { title: 'Demonstrated impact', holds: 'what you saw, and which of the four boundaries it crosses' },
  { title: 'Remediation', holds: 'what you suggest' },
  { title: 'In scope because', holds: 'why nothing under "Out of scope" covers it' },
  { title: 'Likely duplicates', holds: 'existing advisories that come close, or "none found"' },
  { title: 'Proof of ownership', holds: 'for exposed credentials: that they belong to the project or its maintainers', optional: true },
];

/** The four boundaries, and words that name each. */
export const boundaries: readonly { readonly name: string; readonly words: RegExp }[] = [
  { name: 'Host and configuration trust', words: /\b(?:host and config|host (?:and|\/) ?configuration|configuration trust|boundary 1)/iu },
  { name: 'Channel and user allowlists', words: /\b(?:allow-?lists?|boundary 2)/iu },
  { name: 'Tool policy', words: /\b(?:tool policy|boundary 3)/iu },
  { name: 'Enabled skills', words: /\b(?:enabled skills?|boundary 4)/iu },
];
