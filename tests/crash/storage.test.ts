// What disks do to people: full, read-only, torn, taken by another. Nothing accepted is lost, what is damaged stays as it is, and the way back is said.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../src/testing/temp-home.ts';
import { openCommandHome } from '../app/command-line.ts';

/** Runs a scenario of full-disk-writer.ts on a disk of 3 MiB that only it sees. */
function onSmallDisk(scenario: string): unknown {
  const folder = tempFolder();
  try {
    const mounted = ['--dev-bind', '/', '/', '--size', String(3 * 1024 * 1024), '--perms', '0700', '--tmpfs', folder.path, '--die-with-parent'];
    const program = [process.execPath, join(import.meta.dirname, 'full-disk-writer.ts'), folder.path, scenario];
    const { status, stdout, stderr } = spawnSync('bwrap', [...mounted, '--', ...program], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    folder.remove();
  }
}

describe('a full disk', () => {
  test('refuses new messages, loses no accepted one, and is over as soon as there is room', () => {
    expect(onSmallDisk('messages')).toEqual({
      first: 'accepted',
      refused: 'disk-full',
      again: ['disk-full', 'disk-full'],
      full: 'full',
      ok: 'ok',
      after: 'accepted',
      nothingLost: true,
      ends: ['answered'],
      end: { storage: 'ok', openTurns: 0, openMessages: 0 },
      faults: expect.toSatisfy((codes: string[]) => codes.every((code) => code === 'disk-full')),
    });
  });

  test.each([
    ['turn', 'while the model speaks'],
    ['stop', 'and CoPaw is stopped before there is room'],
  ])('%s: keeps the turn open, %s, and answers once', (scenario) => {
    expect(onSmallDisk(scenario)).toEqual({
      accepted: 'accepted',
      full: { storage: 'full', openTurns: 1, openMessages: 1 },
      next: 'disk-full',
      users: ['do it'],
      answers: [100_000],
      tools: [],
      ends: ['answered'],
      resumed: [false, true],
      acted: 0,
      calls: 2,
      again: 'duplicate',
      end: { storage: 'ok', openTurns: 0, openMessages: 0 },
      faults: ['disk-full'],
    });
  });

  test('after a tool with a side effect ran: it does not run again, and its outcome is said to be unknown', () => {
    expect(onSmallDisk('tool')).toMatchObject({ acted: 1, tools: ['unknown'], answers: [100_000], ends: ['answered'], again: 'duplicate' });
  });
});

describe('a start that cannot work says why', () => {
  const refusal = (program: string, ...words: string[]): unknown => {
    const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
    return { status, ...(JSON.parse(stdout) as object) };
  };

  test('on a read-only disk', async () => {
    const home = openCommandHome({});
    try {
      await home.ask('hello');
      const copaw = [process.execPath, join(import.meta.dirname, '../../bin/copaw.js'), 'ask', 'hello', '--json', '--home', home.home];
      const found = refusal('bwrap', '--dev-bind', '/', '/', '--ro-bind', dirname(home.home), dirname(home.home), '--die-with-parent', '--', ...copaw);
      expect(found).toMatchObject({ status: 3, error: { code: 'disk-read-only', next: expect.stringContaining('writable') } });
    } finally {
      await home.close();
    }
  });

  test('with too few descriptors', async () => {
    const home = openCommandHome({});
    try {
      const copaw = [process.execPath, join(import.meta.dirname, '../../bin/copaw.js'), 'ask', 'hello', '--json', '--home', home.home];
      const found = refusal('bash', '-c', 'ulimit -n 64; exec "$@"', 'bash', ...copaw);
      expect(found).toMatchObject({ status: 3, error: { code: 'files-exhausted', next: expect.stringContaining('ulimit -n') } });
    } finally {
      await home.close();
    }
  });
});
