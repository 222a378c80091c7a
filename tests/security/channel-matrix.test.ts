// Attacks through Matrix.

import { matrixWorld } from '../platforms/matrix.ts';
import { attackChannel } from './channel-attacks.ts';

attackChannel(matrixWorld);
