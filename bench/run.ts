// `npm run bench`: CoPaw as it is shipped, beside a floor. `--quick` takes fewer and shorter samples, `--only <word>` some measures, `--long` also
// those of many minutes, `--json` ends with one object. Missing a goal is reported, not a failure; what could not be measured is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureChannels } from './channels.ts';
import { measureConsole } from './console.ts';
import type { Subject } from './driver.ts';
import { measureIdle10, measureSoak } from './long.ts';
import * as measures from './measures.ts';
import { type Running, runNode } from './processes.ts';
import { measureStop } from './stop.ts';
import { copawSubject, makeHome, startCopaw, startFloor, startModel } from './subjects.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, long: { type: 'boolean' }, only: { type: 'string' } },
});

runNode([join(import.meta.dirname, '../scripts/build.js')]);
const directory = mkdtempSync(join(tmpdir(), 'copaw-bench-'));
const rows: measures.Row[] = [];
const stopping: Running[] = [];
try {
  const model = await startModel();
  stopping.push(model);
  const bench: measures.Bench = { directory, model, quick: options.quick === true };
  const wanted = (name: string): boolean => options.only === undefined || name.includes(options.only);
  const run = async (name: string, measure: () => Promise<measures.Row[]>, asked = wanted(name)): Promise<void> => {
    if (!asked) return;
    for (const row of await measure()) {
      rows.push(row);
      console.log(line(row));
    }
  };
  console.log(`CoPaw beside a floor, medians; Node ${process.versions.node}, ${process.platform} ${process.arch}${bench.quick ? ', quick' : ''}\n`);
  await run('version', () => measures.measureVersion(bench));
  await run('start', () => measures.measureColdStart(bench));
  if (['hello', 'turns', 'tool', 'throughput'].some(wanted)) {
    const floor = await startFloor(directory, model.port);
    stopping.push(floor);
    const copaw = await startForTurns();
    const pair = { copaw, floor: floor.subject };
    await run('hello', () => measures.measureHello(bench, pair));
    await run('turns', () => measures.measureTurns(bench, pair));
    await run('tool', () => measures.measureTool(bench, pair));
    await run('throughput', () => measures.measureThroughput(bench, pair));
  }
  await run('history', () => measures.measureHistory(bench));
  await run('stop', () => measureStop(bench));
  await run('growth', () => measures.measureGrowth(bench));
  await run('idle', () => measures.measureIdle(bench));
  await run('channels', () => measureChannels(bench));
  await run('console', () => measureConsole(bench));
  await run('install', () => measures.measureInstall(bench));
  const long = (name: string): boolean => options.only === name || (options.long === true && wanted(name));
  await run('soak', () => measureSoak(bench), long('soak'));
  await run('idle10', () => measureIdle10(bench), long('idle10'));

  async function startForTurns(): Promise<Subject | undefined> {
    try {
      const home = makeHome(directory, model.port);
      const running = await startCopaw(home);
      stopping.push(running);
      return copawSubject(home, running);
    } catch (error) {
      console.log(`CoPaw could not be started: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
} finally {
  for (const running of stopping.reverse()) await running.stop();
  rmSync(directory, { recursive: true, force: true });
}
const missed = rows.filter((row) => verdict(row) === 'missed').length;
const failed = rows.filter((row) => row.error !== undefined).length;
console.log(`\n${rows.filter((row) => verdict(row) === 'met').length} goals met, ${missed} missed, ${failed} not measured`);
if (options.json)
  console.log(JSON.stringify({ node: process.versions.node, platform: process.platform, arch: process.arch, quick: options.quick === true, rows }));
process.exitCode = failed > 0 ? 1 : 0;

function verdict({ figure, goal }: measures.Row): 'met' | 'missed' | '' {
  if (goal === undefined || figure === undefined) return '';
  return (goal.most === undefined || figure <= goal.most) && (goal.least === undefined || figure >= goal.least) ? 'met' : 'missed';
}

function line(row: measures.Row): string {
  const { goal, figure } = row;
  const shown = (value: number | undefined, unit: string): string => (value === undefined ? '–' : `${number(value)}${unit === '' ? '' : ` ${unit}`}`);
  const target = goal === undefined ? '' : `goal ${goal.most === undefined ? `≥ ${goal.least}` : `≤ ${goal.most}`}${goal.unit === '' ? '' : ` ${goal.unit}`}`;
  const compared = row.copaw !== undefined && row.floor !== undefined && figure !== row.copaw ? shown(figure, '×') : '';
  const columns = [
    row.name.padEnd(52),
    shown(row.copaw, row.unit).padStart(11),
    shown(row.floor, row.unit).padStart(11),
    compared.padStart(9),
    target.padEnd(14),
  ];
  return `${columns.join('  ')}  ${row.error === undefined ? verdict(row) : `not measured: ${row.error}`}`.trimEnd();
}

function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}
