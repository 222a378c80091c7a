// kill -9, cuts and lost receipts through the channels whose server is a real one.
import { surviveDeaths } from '../crash/channel-deaths.ts';
import { mqttWorld } from '../platforms/mqtt.ts';
import { prosodyForAll } from '../platforms/prosody.ts';
import { xmppWorld } from '../platforms/xmpp.ts';

surviveDeaths(mqttWorld);
surviveDeaths(xmppWorld(prosodyForAll()));
