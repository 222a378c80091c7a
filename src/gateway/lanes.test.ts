import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Admitted } from '../core/brand.ts';
import { Lanes, type LaneTurn } from './lanes.ts';

const message = (id: string): Admitted =>
  ({
    key: id,
    channel: 'console',
    account: 'local',
    receivedAt: 0,
    origin: 'operator',
    inbound: { kind: 'message', id, text: id, chat: { id: 's', kind: 'direct' }, sender: { id: 'operator' }, at: 0 },
  }) as Admitted;

const open = (sessionId: string, id: string) => ({ sessionId, id, address: { channel: 'console', account: 'local', chat: 's' } });

function harness(limit: number) {
  const running: { turn: LaneTurn; end: () => void }[] = [];
  const log: string[] = [];
  let count = 0;
  const lanes = new Lanes({
    limit: () => limit,
    newTurnId: () => `t${++count}`,
    run: (turn) =>
      new Promise((resolve) => {
        log.push(`${turn.sessionId}:${turn.take().map((one) => one.key)}`);
        running.push({ turn, end: resolve });
      }),
  });
  const finish = async (index = 0): Promise<void> => {
    const [entry] = running.splice(index, 1);
    entry?.end();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
  };
  return { lanes, running, log, finish };
}

describe('lanes', () => {
  test('one turn at a time per session; a message during a turn steers it', () => {
    const { lanes, running, log } = harness(8);
    const first = lanes.push('a', message('1'));
    const second = lanes.push('a', message('2'));
    expect(second).toBe(first);
    expect(log).toEqual(['a:1']);
    expect(running[0]?.turn.close()).toBe(false);
    expect(running[0]?.turn.take().map((one) => one.key)).toEqual(['2']);
    expect(running[0]?.turn.close()).toBe(true);
  });

  test('what comes from another chat of the same conversation does not join a turn that answers elsewhere', async () => {
    const { lanes, running, log, finish } = harness(8);
    const from = (account: string, id: string): Admitted => ({ ...message(id), channel: 'fake', account });
    const first = lanes.push('a', from('main', '1'));
    expect(lanes.push('a', from('main', '2'))).toBe(first);
    const second = lanes.push('a', [from('other', '3'), from('other', '4')]);
    expect([second === first, lanes.push('a', from('other', '5'))]).toEqual([false, second]);
    expect(running[0]?.turn.take().map((one) => one.key)).toEqual(['2']);
    await finish();
    expect(log).toEqual(['a:1', 'a:3,4,5']);
  });

  test('queue: each message gets a turn of its own, in order; collect: those that wait share one', async () => {
    const { lanes, log, finish } = harness(8);
    lanes.push('a', message('1'));
    const ids = [lanes.push('a', message('2'), 'queue'), lanes.push('a', message('3'), 'queue'), lanes.push('a', message('4'), 'collect')];
    expect(new Set(ids).size).toBe(2);
    expect(lanes.waiting('a')).toBe(3);
    expect(lanes.change('a', '2', undefined)).toBe(true);
    for (let turn = 0; turn < 3; turn++) await finish();
    expect(log).toEqual(['a:1', 'a:3,4']);
    expect(lanes.waiting('a')).toBe(0);
  });

  test('interrupt: the running turn is stopped, and the message has the next one', async () => {
    const { lanes, running, log, finish } = harness(8);
    lanes.push('a', message('1'));
    lanes.push('a', message('2'), 'interrupt');
    expect(running[0]?.turn.abort.signal.aborted).toBe(true);
    expect(log).toEqual(['a:1']);
    await finish();
    expect(log).toEqual(['a:1', 'a:2']);
    expect(running[0]?.turn.abort.signal.aborted).toBe(false);
  });

  test('what needs quiet stops the running turn and comes before the next one; two of them take turns', async () => {
    const { lanes, running, log, finish } = harness(8);
    lanes.push('a', message('1'));
    lanes.push('a', message('2'), 'queue');
    const gate = Promise.withResolvers<void>();
    const quiet = ['first', 'second'].map((name) =>
      lanes.quietly('a', async () => {
        log.push(name);
        await gate.promise;
        log.push(`${name} done`);
      }),
    );
    expect(running[0]?.turn.abort.signal.aborted).toBe(true);
    await finish();
    lanes.push('a', message('3'), 'queue');
    lanes.push('b', message('4'));
    gate.resolve();
    await Promise.all(quiet);
    await finish(1);
    expect(log).toEqual(['a:1', 'first', 'b:4', 'first done', 'second', 'second done', 'a:2', 'a:3']);
    await lanes.quietly('c', async () => log.push('c'));
    expect(lanes.begin('c', message('first'))).toBeDefined();
  });

  test('attack: a message that comes during a quiet command, or right after a stop, is not lost with what ends', async () => {
    const { lanes, running, log, finish } = harness(8);
    const gate = Promise.withResolvers<void>();
    const quiet = lanes.quietly('a', () => gate.promise);
    expect(lanes.push('a', message('1'))).not.toBe('');
    gate.resolve();
    await quiet;
    await Promise.resolve();
    expect(log).toEqual(['a:1']);
    expect(lanes.stop('a')).toBe(true);
    lanes.push('a', message('2'));
    expect(running[0]?.turn.waiting).toEqual([]);
    await finish();
    expect(log).toEqual(['a:1', 'a:2']);
  });

  test('a quiet command runs beside no turn of its session: neither one that waits for a place, nor one taken up after a start', async () => {
    const { lanes, log, finish, running } = harness(1);
    lanes.push('a', message('1'));
    lanes.push('b', message('2'));
    lanes.resume(open('c', 'old'), false);
    const gate = Promise.withResolvers<void>();
    const inB = lanes.quietly('b', async () => {
      log.push('quiet b');
      await gate.promise;
    });
    const inC = lanes.quietly('c', async () => log.push('quiet c'));
    await finish();
    expect(log).toEqual(['a:1', 'quiet b', 'c:']);
    expect(running[0]?.turn.abort.signal.aborted).toBe(true);
    await finish();
    await inC;
    gate.resolve();
    await inB;
    await finish();
    expect(log).toEqual(['a:1', 'quiet b', 'c:', 'quiet c', 'b:2']);
  });

  test('a message after the turn closed begins the next turn, in order', async () => {
    const { lanes, running, log, finish } = harness(8);
    const first = lanes.push('a', message('1'));
    running[0]?.turn.close();
    const second = lanes.push('a', message('2'));
    expect(lanes.push('a', message('3'))).toBe(second);
    expect(second).not.toBe(first);
    await finish();
    expect(log).toEqual(['a:1', 'a:2,3']);
  });

  test('the places are shared: sessions wait their turn, oldest first', async () => {
    const { lanes, log, finish } = harness(1);
    lanes.push('a', message('1'));
    lanes.push('b', message('2'));
    lanes.push('c', message('3'));
    lanes.push('a', message('4'));
    expect(log).toEqual(['a:1']);
    expect([lanes.running, lanes.waiting()]).toEqual([1, 3]);
    expect(lanes.active('a')?.take()).toHaveLength(1);
    await finish();
    expect(lanes.waiting()).toBe(1);
    await finish();
    expect(log).toEqual(['a:1', 'b:2', 'c:3']);
  });

  test('a full lane refuses visibly', () => {
    const { lanes } = harness(1);
    lanes.push('a', message('0'));
    for (let index = 1; index <= 32; index++) lanes.push('a', message(String(index)));
    expect(() => lanes.checkRoom('a')).toThrowError(/Too many messages/);
    expect(() => lanes.checkRoom('b')).not.toThrow();
  });

  test('no message is lost or taken twice, whatever the order of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.constant('finish'), fc.constant('close')), { maxLength: 60 }), async (script) => {
        const { lanes, running, log, finish } = harness(2);
        const steered: string[] = [];
        let sent = 0;
        for (const step of script) {
          if (step === 'finish') {
            running[0]?.turn.close();
            steered.push(...(running[0]?.turn.take() ?? []).map((one) => one.key));
            await finish();
          } else if (step === 'close') running[0]?.turn.close();
          else lanes.push(step, message(String(sent++)));
        }
        for (const { turn } of running) steered.push(...turn.take().map((one) => one.key));
        while (running.length > 0) {
          await finish();
          for (const { turn } of running) steered.push(...turn.take().map((one) => one.key));
        }
        const begun = log.flatMap((line) => line.slice(2).split(',')).filter((key) => key !== '');
        expect([...begun, ...steered].sort((x, y) => Number(x) - Number(y))).toEqual(Array.from({ length: sent }, (_, index) => String(index)));
      }),
    );
  });

  test('a turn that begins at once takes the place; messages meanwhile steer it', () => {
    const { lanes, log } = harness(1);
    const turn = lanes.begin('a', message('first'));
    expect(lanes.begin('a', message('first'))).toBeUndefined();
    expect(lanes.begin('b', message('first'))).toBeUndefined();
    expect(lanes.push('a', message('2'))).toBe(turn?.turnId);
    if (turn) lanes.start(turn);
    expect(log).toEqual(['a:2']);
  });

  test('a turn that could not be opened leaves its place, and its id to who was told it', async () => {
    const { lanes, log, finish } = harness(1);
    const empty = lanes.begin('a', message('first'));
    if (empty) lanes.abandon(empty);
    const turn = lanes.begin('a', message('first'));
    const told = lanes.push('a', message('2'));
    if (turn) lanes.abandon(turn);
    expect(log).toEqual(['a:2']);
    expect(lanes.active('a')?.turnId).toBe(told);
    await finish();
    expect(lanes.running).toBe(0);
  });
});

describe('what is gathered', () => {
  test('begins together once all is there, by sessions', async () => {
    const { lanes, log } = harness(8);
    await lanes.gather(async () => {
      for (const id of ['1', '2', '3']) {
        lanes.push('a', message(id));
        lanes.push('b', message(`b${id}`));
        await Promise.resolve();
        expect(log).toEqual([]);
      }
      lanes.push('a', message('4'), 'queue');
    });
    expect(log).toEqual(['a:1,2,3', 'b:b1,b2,b3']);
    expect(lanes.waiting('a')).toBe(1);
  });

  test('begins sooner where something there is to end, and after a fault', async () => {
    const { lanes, log, running, finish } = harness(8);
    await lanes.gather(async () => {
      lanes.push('a', message('1'));
      expect(lanes.stop('a')).toBe(true);
      expect(running[0]?.turn.abort.signal.aborted).toBe(true);
    });
    await finish();
    await lanes.gather(async () => {
      lanes.push('a', message('2'));
      const quiet = lanes.quietly('a', async () => void log.push('quiet'));
      await finish();
      await quiet;
    });
    const broken = lanes.gather(async () => {
      lanes.push('a', message('3'));
      throw new Error('broken');
    });
    await expect(broken).rejects.toThrow('broken');
    expect(log).toEqual(['a:1', 'a:2', 'quiet', 'a:3']);
  });
});

describe('a message that waits', () => {
  test('gets new words in the turn that will take it, and only while it waits', () => {
    const { lanes, running } = harness(1);
    lanes.push('s', message('m1'));
    lanes.push('s', message('m2'));
    lanes.push('t', message('m3'));
    for (const [session, key] of [
      ['s', 'm2'],
      ['t', 'm3'],
    ] as const)
      expect(lanes.change(session, key, `new ${key}`)).toBe(true);
    for (const [session, key] of [
      ['s', 'm1'],
      ['s', 'm3'],
      ['u', 'm2'],
    ] as const)
      expect(lanes.change(session, key, 'never')).toBe(false);
    expect(running[0]?.turn.waiting.map(({ inbound }) => ('text' in inbound ? inbound.text : ''))).toEqual(['new m2']);
  });

  test('is taken out, and a turn that has nothing left does not begin', async () => {
    const { lanes, log, finish } = harness(1);
    lanes.push('s', message('m1'));
    lanes.push('s', message('m2'));
    lanes.push('t', message('m3'));
    lanes.push('u', message('m4'));
    expect(lanes.change('s', 'm2', undefined)).toBe(true);
    expect(lanes.change('t', 'm3', undefined)).toBe(true);
    expect(lanes.change('t', 'm3', undefined)).toBe(false);
    await finish();
    expect(log).toEqual(['s:m1', 'u:m4']);
    lanes.push('t', message('m5'));
    await finish();
    expect(log.at(-1)).toBe('t:m5');
  });

  test('a resumed turn stays when the message that waits for it is taken out', async () => {
    const { lanes, log, finish } = harness(1);
    lanes.push('s', message('m1'));
    lanes.resume(open('t', 'old'), false);
    lanes.push('t', message('m2'));
    expect(lanes.change('t', 'm2', undefined)).toBe(true);
    await finish();
    expect(log).toEqual(['s:m1', 't:']);
  });
});
