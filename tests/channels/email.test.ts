// E-mail against a real dovecot and an SMTP server.
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll } from 'vitest';
import { testChannel } from '../../src/testing/channel-suite.ts';
import { emailWorld } from '../platforms/email.ts';
import { mailServerForAll } from '../platforms/mail-server.ts';

const server = mailServerForAll();
const usual = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...usual, server().certificate]));
afterAll(() => setDefaultCACertificates(usual));

const world = emailWorld(server);
testChannel(world);
