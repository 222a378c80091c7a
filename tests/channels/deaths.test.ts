// kill -9, cuts and lost receipts through the channels whose server is a real one.
import { surviveDeaths } from '../crash/channel-deaths.ts';
import { emailWorld } from '../platforms/email.ts';
import { mailServerForAll } from '../platforms/mail-server.ts';
import { mqttWorld } from '../platforms/mqtt.ts';
import { prosodyForAll } from '../platforms/prosody.ts';
import { xmppWorld } from '../platforms/xmpp.ts';

surviveDeaths(mqttWorld);
const mailServer = mailServerForAll();
surviveDeaths(emailWorld(mailServer), { reconciles: true, environment: () => ({ NODE_EXTRA_CA_CERTS: mailServer().certificatePath }) });
surviveDeaths(xmppWorld(prosodyForAll()));
