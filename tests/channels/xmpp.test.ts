// XMPP against a real prosody.
import { afterAll, beforeAll } from 'vitest';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { makeCertificate } from '../platforms/certificate.ts';
import { type Prosody, startProsody } from '../platforms/prosody.ts';
import { xmppWorld } from '../platforms/xmpp.ts';

let server: Prosody;
beforeAll(async () => {
  server = await startProsody(makeCertificate());
}, 30_000);
afterAll(() => server?.close());

const world = xmppWorld(() => server);
testChannel(world);
