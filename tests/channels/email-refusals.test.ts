// A server that does not hand out one mail: a dovecot behind somebody who says no to what is asked about it.
import { connect, createServer, getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, letGo, run } from '../../src/testing/channel-run.ts';
import { makeCertificate } from '../platforms/certificate.ts';
import { emailWorld } from '../platforms/email.ts';
import { listen, shut } from '../platforms/loopback.ts';
import { mailServerForAll } from '../platforms/mail-server.ts';

const server = mailServerForAll();
const own = makeCertificate();
const world = emailWorld(server);
let trusted: string[];
beforeAll(() => {
  trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, own.cert]);
});
afterAll(() => setDefaultCACertificates(trusted));

/** Says no to each FETCH of this mail while it is told to. */
function refuser(uid: number) {
  const state = { refuses: true, said: 0 };
  const proxy = createServer(own, (client) => {
    const upstream: TLSSocket = connect({ host: 'localhost', port: server().imap, ca: server().certificate });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    upstream.on('data', (piece) => client.write(piece));
    client.on('data', (piece: Buffer) => {
      const [, tag] = new RegExp(`^(\\S+) UID FETCH ${uid} `, 'u').exec(piece.toString('latin1')) ?? [];
      if (tag === undefined || !state.refuses) return void upstream.write(piece);
      state.said++;
      client.write(`${tag} NO [SERVERBUG] Internal error occurred.\r\n`);
    });
  });
  return { proxy, state };
}

test('fault: one mail that the server did not hand out kept the account down; it stays unread until it does', async () => {
  const { proxy, state } = refuser(1);
  const port = await listen(proxy);
  const through: object = { imap: `tls://localhost:${port}` };
  const platform = await world.open(through);
  try {
    await platform.says({ text: 'handed out later' });
    const one = await run(world, platform).up();
    await platform.says({ text: 'the second' });
    await one.inbox.until((event) => event.kind === 'message' && event.text === 'the second');
    expect(one.inbox.events).toHaveLength(1);
    expect(state.said).toBeGreaterThan(0);
    state.refuses = false;
    await platform.says({ text: 'the third' });
    await eventually(() => {
      const texts = one.inbox.events.map((event) => (event.kind === 'message' ? event.text : event.kind));
      expect(texts.toSorted()).toEqual(['handed out later', 'the second', 'the third']);
    });
    await letGo(one);
    expect(platform.complaints).toEqual([]);
  } finally {
    await platform.close();
    await shut(proxy);
  }
});
