// A fork for other words begins where the conversation stood before the message.
import { expect, test } from 'vitest';
import type { PlacedEvent } from '../../../src/http/contract.ts';
import { turnBefore } from './turn-before.ts';

const log = [
  ['turn-start', 'one'],
  ['turn-end', 'one'],
  ['turn-start', 'two'],
  ['turn-start', 'command'],
  ['turn-end', 'command'],
  ['turn-end', 'two'],
  ['turn-start', 'three'],
].map(([type, turnId], index) => ({ id: String(index + 1), type, turnId })) as PlacedEvent[];

test.each([
  ['one', undefined],
  ['two', 'one'],
  ['command', 'one'],
  ['three', 'two'],
  ['unknown', undefined],
])('before %s', (turnId, before) => expect(turnBefore(log, turnId)).toBe(before));
