// A whole CoPaw with one chat channel, in a process that may be killed at a boundary of its journal. Every approval is answered with yes.
import { request as httpRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { openApp } from '../../src/app.ts';
import type { Channel } from '../../src/core/channel.ts';
import { CoPawError } from '../../src/core/error.ts';
import type { Inbound } from '../../src/core/inbound.ts';
import type { Transition } from '../../src/core/journal.ts';
import type { Store } from '../../src/core/store.ts';
import { recording } from '../providers/speech.ts';
import type { PreviewWrite } from './crash-world.ts';

const { home, platform, kill } = z
  .object({ home: z.string(), platform: z.string(), kill: z.object({ at: z.string(), side: z.enum(['before', 'after']) }).optional() })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const pass = (at: Transition | PreviewWrite | undefined, side: 'before' | 'after'): void => {
  if (at === undefined) throw new Error('A commit that is no boundary of the journal.');
  if (kill?.at === at && kill.side === side) process.kill(process.pid, 'SIGKILL');
};
const around = async <T>(at: Transition | PreviewWrite | undefined, work: () => Promise<T>): Promise<T> => {
  pass(at, 'before');
  const result = await work();
  pass(at, 'after');
  return result;
};

function watched(store: Store): Store {
  return {
    ...store,
    commit: (batch) => around(batch.transition, () => store.commit(batch)),
    outbox: {
      ...store.outbox,
      update: (answerId, part, change, from) => around(`part-${change.state}`, () => store.outbox.update(answerId, part, change, from)),
    },
    previews: {
      ...store.previews,
      put: (preview) => around(preview.ref === undefined ? 'preview-stored' : 'preview-sent', () => store.previews.put(preview)),
      remove: (answerId) => around('preview-removed', () => store.previews.remove(answerId)),
    },
    approvals: {
      ...store.approvals,
      add: (approval) => around('approval-stored', () => store.approvals.add(approval)),
      settle: (id, change) => around('approval-settled', () => store.approvals.settle(id, change)),
    },
    jobs: { ...store.jobs, settle: (id, state) => around('job-fired', () => store.jobs.settle(id, state)) },
  };
}

async function* sound(): AsyncGenerator<Uint8Array> {
  yield recording();
}

/** Status and text, or a rejection where the connection was cut. */
function ask(path: string, body?: object): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${platform}${path}`, { method: body ? 'POST' : 'GET' }, (response) => {
      let text = '';
      response.on('data', (piece) => (text += String(piece)));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}

const wire = (account: string): Channel => ({
  limits: { dialect: 'plain', textLength: 4_000, media: false, edit: true, editMs: 20, choices: false, threads: false, liveMs: Number.POSITIVE_INFINITY },
  async start(inbox, signal) {
    const { status } = await ask(`/connect?account=${account}`);
    if (status === 401) throw new CoPawError('unauthenticated', 'The platform does not know this account.');
    inbox.alive();
    while (!signal.aborted && account !== 'main') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    while (!signal.aborted) {
      const handed: readonly { readonly index: number; readonly event: Inbound }[] = JSON.parse((await ask('/poll')).text);
      inbox.alive();
      for (const { index, event } of handed) {
        const voice = event.kind === 'message' && event.text.startsWith('voice ');
        await inbox.receive(event, voice ? [{ name: 'voice.ogg', voice: 'said', open: async () => sound() }] : undefined);
        await ask(`/acknowledge?index=${index}`);
      }
    }
  },
  async send(to, { text }, { answerId, part }) {
    const { status, text: receipt } = await ask('/send', { to, text, answerId, part });
    if (status === 503) throw new CoPawError('egress-failed', 'The platform is busy.');
    if (status !== 200) throw new CoPawError('send-refused', 'The platform refused it.');
    return { id: z.object({ ref: z.string() }).parse(JSON.parse(receipt)).ref };
  },
  async edit(_to, { id }, { text }) {
    const { status } = await ask('/edit', { ref: id, text });
    if (status === 503) throw new CoPawError('egress-failed', 'The platform is busy.');
    if (status !== 200) throw new CoPawError('send-refused', 'The platform refused it.');
  },
  async reconcile(_to, { answerId, part }) {
    const { status, text } = await ask(`/lookup?answer=${encodeURIComponent(answerId)}&part=${part}`);
    return status === 200 ? { id: text } : status === 404 ? 'absent' : 'unknown';
  },
  stop: async () => undefined,
});

const app = await openApp({
  home,
  environment: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
  version: '0',
  onFault: (error) => console.error(error),
  aroundStore: watched,
  channels: { wire },
});
void (async () => {
  for await (const event of app.operator.events({ after: '0' }, new AbortController().signal))
    if (event.type === 'approval-request') await app.operator.answer(event.approval.id, 'once', 'test').catch(() => undefined);
})();
/** A conversation of the operator's own, and what the operator does with it. */
async function changeOwn(what: string | undefined, name: string | undefined): Promise<void> {
  const { turnId } = await app.operator.submit({ channel: 'cli', sessionId: 'own', text: `write ${name}` });
  for await (const _ of app.operator.events({ turnId, after: '0' }, new AbortController().signal));
  const sessions = await app.sessions('test');
  if (what === 'again') await sessions.regenerate('own', { turnId, files: true });
  const fork = await sessions.fork('own', (await sessions.read('own', { limit: 1 }))[0]?.turnId ?? '');
  if (what === 'drop') await sessions.remove(fork.id, { reminders: false });
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'status') {
    const { openTurns, openMessages } = await app.operator.status();
    const scheduled = (await app.store.jobs.list()).filter(({ state }) => state === 'scheduled').length;
    const parts = (await app.store.outbox.nextDue()) === undefined ? (await app.store.outbox.inFlight()).length : 1;
    console.log(JSON.stringify({ open: openTurns + openMessages.length + scheduled + parts }));
  }
  const [word, what, name] = line.split(' ');
  if (word === 'own') await changeOwn(what, name).catch((error) => console.error(error));
  if (line === 'stop') break;
}
await app.stop();
process.exit(0);
