// `copaw security …`: a review of this home and machine, and a private report of a vulnerability.
import { findingKey, type Review, type ReviewFinding, type Severity } from '../core/security.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { print, timeText } from './print.ts';
import { showLine, stripControls } from './text.ts';

export interface ReviewCommandOptions extends CommonOptions {
  readonly fix?: boolean;
  readonly sinceLastReview?: boolean;
}

export async function audit(context: Context, options: ReviewCommandOptions): Promise<number> {
  const { parts } = context;
  const review = await parts.review(parts.homePath(options.home), { fix: options.fix === true, keep: true });
  const since = options.sinceLastReview === true ? review.since : undefined;
  const findings = since ? review.findings.filter((finding) => since.added.includes(findingKey(finding))) : review.findings;
  print(context, options, { ...review, findings }, () => context.terminal.out(describe({ ...review, findings }, options.sinceLastReview === true)));
  return exitOf(review.findings);
}

export async function report(context: Context, options: CommonOptions & { readonly from?: string }): Promise<number> {
  const { parts, terminal } = context;
  const made = await parts.securityReport(parts.homePath(options.home), options.from);
  if (options.json === true) terminal.out(`${JSON.stringify(made)}\n`);
  else {
    terminal.out(`${stripControls(made.markdown)}\n`);
    if (made.complete) terminal.error('The report is complete. Send it through Security → Report a vulnerability, not as a public issue.\n');
    else {
      terminal.error('The report is NOT complete.\n');
      for (const title of made.missing) terminal.error(`missing: ${title}\n`);
      for (const problem of made.problems) terminal.error(`problem: ${problem}\n`);
      terminal.error('next: Write these into a Markdown file, each under a heading of that name, and run: copaw security report --from <file>\n');
    }
  }
  return made.complete ? exitCodes.answered : exitCodes.failed;
}

function exitOf(findings: readonly ReviewFinding[]): number {
  const worst = (severity: Severity): boolean => findings.some((finding) => finding.severity === severity);
  if (worst('critical')) return exitCodes.reviewCritical;
  if (worst('high')) return exitCodes.reviewHigh;
  return worst('medium') ? exitCodes.reviewMedium : exitCodes.answered;
}

function describe({ findings, fixed, since }: Review, onlyNew: boolean): string {
  const lines = [
    ...fixed.map((key) => `mended: ${key}`),
    ...(onlyNew ? [since ? `Since the review of ${timeText(since.at)}:` : 'There is no earlier review: this is everything.'] : []),
    ...findings.flatMap(({ id, severity, what, where, why, fix, fixable }) => [
      `${severity.toUpperCase().padEnd(8)}  ${id}  ${where}`,
      `          ${what} ${why}`,
      `          next: ${fix}${fixable ? ' Or: copaw security audit --fix' : ''}`,
    ]),
    ...(findings.length === 0 ? [onlyNew && since ? 'Nothing new.' : 'Nothing was found.'] : []),
    ...(onlyNew && since && since.gone.length > 0 ? ['No longer found:', ...since.gone.map((key) => `  ${key}`)] : []),
  ];
  return `${lines.map(showLine).join('\n')}\n`;
}
