// How Lighthouse judges the console of a home that was lived in, logged in, on its desktop preset: npm run bench:lighthouse [-- --json]
// It is fetched for the run and is no part of the project; a page is judged five times, and its median counts.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { z } from 'zod';
import { tempFolder } from '../src/testing/temp-home.ts';
import { launch } from '../tests/browser/browser.ts';
import { fillHome } from '../tests/browser/lived-in.ts';
import { type CopawServer, startServer } from '../tests/browser/server.ts';
import { median } from './driver.ts';

const lighthouse = 'lighthouse@13';
const categories = ['performance', 'accessibility', 'best-practices'] as const;
const places = { chat: '/', settings: '/#/settings' } as const;
const goal = 95;
const times = 5;

const report = z.object({
  categories: z.record(z.enum(categories), z.object({ score: z.number(), auditRefs: z.array(z.object({ id: z.string(), weight: z.number() })) })),
  audits: z.record(z.string(), z.object({ title: z.string(), score: z.number().nullable(), displayValue: z.string().optional() })),
  runtimeError: z.object({ message: z.string() }).optional(),
});

interface Judged {
  readonly place: string;
  readonly category: (typeof categories)[number];
  /** Of a hundred. */
  readonly score: number;
  readonly goal: number;
  /** What cost points in the last run. */
  readonly lost: readonly string[];
}

const folder = tempFolder();
const server = await startServer();
try {
  const filling = await launch();
  await fillHome(filling, server);
  await filling.close();
  const judged = await judge(server);
  if (process.argv.includes('--json')) console.log(JSON.stringify({ lighthouse, times, judged }));
  else
    for (const { place, category, score, lost } of judged)
      console.log(`${place}, ${category}: ${score} (goal ${goal})${lost.map((line) => `\n  ${line}`).join('')}`);
} finally {
  await server.close();
  folder.remove();
}

async function judge({ url, freshLink }: CopawServer): Promise<Judged[]> {
  // The browser that was logged in is the one Lighthouse looks with.
  const context = await chromium.launchPersistentContext(join(folder.path, 'profile'), {
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--remote-debugging-port=0'],
  });
  try {
    const page = await context.newPage();
    await page.goto(await freshLink());
    await page.locator('#composer').waitFor();
    const [port] = readFileSync(join(folder.path, 'profile', 'DevToolsActivePort'), 'utf8').split('\n');
    await page.close();
    const judged: Judged[] = [];
    for (const [place, path] of Object.entries(places)) {
      const runs: z.infer<typeof report>[] = [];
      for (let round = 0; round < times; round++) runs.push(await look(`${url}${path}`, String(port)));
      for (const category of categories) {
        const score = Math.round(100 * median(runs.map((run) => run.categories[category].score)));
        judged.push({ place, category, score, goal, lost: lostBy(runs.at(-1), category) });
      }
    }
    return judged;
  } finally {
    await context.close();
  }
}

async function look(url: string, port: string): Promise<z.infer<typeof report>> {
  const options = ['--preset=desktop', '--disable-storage-reset', `--only-categories=${categories.join(',')}`, '--output=json', '--quiet'];
  const { stdout } = await promisify(execFile)('npx', ['--yes', lighthouse, url, `--port=${port}`, ...options], { maxBuffer: 64 * 1024 * 1024 });
  const result = report.parse(JSON.parse(stdout));
  if (result.runtimeError) throw new Error(result.runtimeError.message);
  return result;
}

function lostBy(run: z.infer<typeof report> | undefined, category: (typeof categories)[number]): string[] {
  return (run?.categories[category].auditRefs ?? []).flatMap(({ id, weight }) => {
    const audit = run?.audits[id];
    return audit && weight > 0 && audit.score !== null && audit.score < 0.9 ? [`${id}: ${audit.title} ${audit.displayValue ?? ''}`] : [];
  });
}
