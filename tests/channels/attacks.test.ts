// Attacks through the channels whose server is a real one.
import { emailWorld } from '../platforms/email.ts';
import { ircWorlds } from '../platforms/irc-worlds.ts';
import { mailServerForAll } from '../platforms/mail-server.ts';
import { mqttWorld } from '../platforms/mqtt.ts';
import { prosodyForAll } from '../platforms/prosody.ts';
import { xmppWorld } from '../platforms/xmpp.ts';
import { attackChannel } from '../security/channel-attacks.ts';
import { attackIrc, attackIrcAlone } from './irc-attacks.ts';

attackChannel(mqttWorld);
attackChannel(emailWorld(mailServerForAll()));
attackChannel(xmppWorld(prosodyForAll()));

const ircs = ircWorlds();
attackChannel(ircs.accounts, attackIrc(ircs));
attackIrcAlone(ircs);
