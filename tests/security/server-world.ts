// A real server on a fresh home, in this process, and raw requests to it: what a stranger on this machine or in a browser could send.
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHome } from '../../src/config/home.ts';
import { personaFor } from '../../src/config/persona/index.ts';
import { readRunFile } from '../../src/config/run-file.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { noticeSha256 } from '../../src/review/notice.ts';
import { type Server, serveHome } from '../../src/serve.ts';
import { createScriptedModel, type ScriptedModel } from '../app/scripted-model.ts';

export interface ServerWorld {
  readonly folder: string;
  readonly home: string;
  readonly port: number;
  /** The run token: the operator's own way in. */
  readonly token: string;
  /** The login code of the start. */
  readonly code: string;
  readonly model: ScriptedModel;
  readonly lines: readonly string[];
  readonly server: Server;
  /** `fetch` to the server; a path, and whatever headers a stranger would send. */
  call(path: string, init?: RequestInit): Promise<Response>;
  /** With the operator's own token. */
  asOperator(path: string, init?: RequestInit): Promise<Response>;
  /** Bytes as they are, until the server closes or has answered; the whole answer. */
  raw(bytes: string): Promise<string>;
  close(): Promise<void>;
}

export async function openServerWorld(options: { readonly config?: object; readonly clock?: Clock } = {}): Promise<ServerWorld> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copaw-server-')));
  const home = join(folder, 'home');
  const acceptance = { sha256: noticeSha256, version: '0', time: '2026-01-01T00:00:00.000Z', how: 'flag' } as const;
  createHome(home, { language: 'en', timezone: 'UTC', persona: personaFor('en'), acceptance });
  if (options.config) writeFileSync(join(home, 'config.json'), JSON.stringify({ version: 1, timezone: 'UTC', ...options.config }));
  const model = createScriptedModel();
  const lines: string[] = [];
  const server = await serveHome({
    ...{ home, environment: { PATH: process.env.PATH, HOME: folder }, version: '0', commit: 'none', port: 0, provider: model.provider },
    onFault: (error) => lines.push(String(error)),
    log: (line) => lines.push(line),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const run = readRunFile(home);
  if (!run) throw new Error('the server wrote no run file');
  const base = `http://127.0.0.1:${run.port}`;
  const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(new URL(path, base), { redirect: 'manual', ...init });
  return {
    ...{ folder, home, model, lines, server, call },
    port: run.port,
    token: run.token,
    code: new URL(server.url).hash.replace('#code=', ''),
    asOperator: (path, init = {}) => call(path, { ...init, headers: { authorization: `Bearer ${run.token}`, ...init.headers } }),
    raw: (bytes) => rawRequest(run.port, bytes),
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function rawRequest(port: number, bytes: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(bytes, 'latin1'));
    // Whatever else was in the bytes is answered before the server sees this end.
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      socket.end();
    });
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on('error', (error: Error) => resolve(`${answer}\n[${error.message}]`));
    socket.on('close', () => resolve(answer));
  });
}
