// Attacks through the channels whose server is a real one.
import { mqttWorld } from '../platforms/mqtt.ts';
import { attackChannel } from '../security/channel-attacks.ts';

attackChannel(mqttWorld);
