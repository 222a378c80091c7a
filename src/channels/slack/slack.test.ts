// Slack against a made-up one that keeps to its documentation: by Socket Mode and by signed requests.
import { describe } from 'vitest';
import { slackHttpWorld, slackWorld } from '../../../tests/platforms/slack.ts';
import { testChannel } from '../../testing/channel-suite.ts';

describe('by Socket Mode', () => testChannel(slackWorld));
describe('by signed requests', () => testChannel(slackHttpWorld));
