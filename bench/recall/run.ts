// `npm run bench:recall`: what is left of sixty planted facts after one, three and ten compactions, by kind and by how the summariser behaves.
// --json ends with one object, --window N sets the tokens of the model (16,000), --turns N the turns between two compactions (40), --held-out takes
// the facts that the patterns were not made with.
import { parseArgs } from 'node:util';
import { facts, heldOut } from './facts.ts';
import { measureRecall, type RecallReport } from './measure.ts';
import { type Summariser, summarisers } from './summarisers.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, window: { type: 'string' }, turns: { type: 'string' }, 'held-out': { type: 'boolean' } },
});
const window = Number(values.window ?? 16_000);
const turnsEach = Number(values.turns ?? 40);
const all = values['held-out'] ? heldOut : facts;
const reports: RecallReport[] = [];

console.log(`${all.length} planted facts, ${turnsEach} turns between two compactions, a model of ${window} tokens: in the request / one call away / lost\n`);
for (const summariser of Object.keys(summarisers) as Summariser[]) {
  const report = await measureRecall({ summariser, after: [1, 3, 10], turnsEach, window, all });
  reports.push(report);
  for (const { after, rules, task, how } of report.intact) {
    const rows = report.rows.filter((row) => row.after === after);
    const cells = rows.map(({ kind, inContext, oneCallAway, lost }) => `${kind} ${inContext}/${oneCallAway}/${lost}`);
    console.log(`${summariser}, after ${after} (${how}): ${cells.join(', ')}; rules ${rules ? 'whole' : 'BROKEN'}, open task ${task ? 'there' : 'LOST'}`);
  }
  for (const one of report.missing) console.log(`  not found: ${one}`);
}
const rows = reports.flatMap((report) => report.rows);
const lost = rows.filter(({ kind }) => kind === 'all').reduce((sum, row) => sum + row.lost, 0);
const broken = reports.flatMap((report) => report.intact).filter(({ rules, task }) => !rules || !task).length;
console.log(`\n${lost} lost, ${broken} times a rule or the open task was not there`);
if (values.json) console.log(JSON.stringify({ facts: all.length, window, turnsEach, rows, intact: reports.flatMap((report) => report.intact) }));
// A rule in words that nobody foresaw is found like anything else; that it is not in each request is reported, not a failure.
process.exitCode = lost + (values['held-out'] ? 0 : broken) > 0 ? 1 : 0;
