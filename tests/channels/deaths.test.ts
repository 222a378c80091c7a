// kill -9, cuts and lost receipts through the channels whose server is a real one.
import { surviveDeaths } from '../crash/channel-deaths.ts';
import { mqttWorld } from '../platforms/mqtt.ts';

surviveDeaths(mqttWorld);
