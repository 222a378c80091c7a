// What is measured: CoPaw as it is shipped, the floor, and the bare programs below it. Everything lives in one temporary directory.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Subject } from './driver.ts';
import { type Running, runNode, startNode } from './processes.ts';

const root = join(import.meta.dirname, '..');
export const launcher = join(root, 'bin/copaw.js');

export const bare = {
  nothing: ['-e', '0'],
  http: ['-e', "require('node:http').createServer((q,r)=>r.end('ok')).listen(0,'127.0.0.1',()=>console.log('ready'))"],
  httpAndSqlite: (file: string): string[] => [
    '-e',
    `const{DatabaseSync}=require('node:sqlite');const d=new DatabaseSync(${JSON.stringify(file)});d.exec('PRAGMA journal_mode=WAL;CREATE TABLE IF NOT EXISTS t(x)');
     require('node:http').createServer((q,r)=>r.end('ok')).listen(0,'127.0.0.1',()=>console.log('ready'))`,
  ],
} as const;

interface LastRequest {
  readonly bytes: number;
  readonly messages: number;
  readonly tools: number;
  /** Requests so far, this one among them. */
  readonly calls: number;
  /** Requests that are not answered to their end. */
  readonly open: number;
}

export interface Model extends Running {
  readonly port: number;
  delay(ms: number): Promise<void>;
  lastRequest(): Promise<LastRequest>;
}

export async function startModel(): Promise<Model> {
  const running = await startNode([join(import.meta.dirname, 'model-server.ts')], /^(\d+)\n/mu);
  const at = `http://127.0.0.1:${running.captured}`;
  return {
    ...running,
    port: Number(running.captured),
    async delay(ms) {
      await fetch(`${at}/delay?ms=${ms}`, { method: 'PUT' });
    },
    async lastRequest() {
      const last: LastRequest = JSON.parse(await (await fetch(`${at}/last`)).text());
      return last;
    },
  };
}

export async function startFloor(directory: string, modelPort: number): Promise<Running & { readonly subject: Subject; readonly home: string }> {
  const home = join(directory, `floor-${crypto.randomUUID()}`);
  mkdirSync(home);
  writeFileSync(join(home, 'bench.txt'), 'One line of a file.\n');
  const running = await startNode([join(import.meta.dirname, 'floor.ts'), `http://127.0.0.1:${modelPort}/v1`, home], /^(\d+)\n/mu);
  return { ...running, home, subject: { name: 'floor', port: Number(running.captured), token: '' } };
}

export const copawVersion = [launcher, '--version'];

/** A home with the notice accepted and the model of the benchmarks as its default. */
export function makeHome(directory: string, modelPort: number): string {
  const home = join(directory, `home-${crypto.randomUUID()}`);
  runNode([launcher, 'init', '--accept-security', '--defaults', '--home', home]);
  const baseUrl = `http://127.0.0.1:${modelPort}/v1`;
  runNode([
    launcher,
    ...['models', 'add', 'bench', '--kind', 'openai-compatible', '--base-url', baseUrl, '--model', 'bench', '--no-key', '--default', '--home', home],
  ]);
  writeFileSync(join(home, 'workspaces/main/bench.txt'), 'One line of a file.\n');
  return home;
}

export function startCopaw(home: string, port = 0): Promise<Running> {
  return startNode(
    [launcher, 'start', '--accept-security', '--no-open', '--home', home, '--port', String(port)],
    /CoPaw is ready: http:\/\/127\.0\.0\.1:(\d+)\//u,
  );
}

export function copawSubject(home: string, running: Running): Subject {
  const token = /\S{20,}\s*$/u.exec(runNode([launcher, 'token', '--home', home]).output)?.[0].trim();
  if (token === undefined) throw new Error('copaw token printed no token');
  return { name: 'copaw', port: Number(running.captured), token };
}
