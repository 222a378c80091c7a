// The client of the benchmarks: sends a message, follows its events, and tells when the first words and the end came.
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

export interface Subject {
  readonly name: 'copaw' | 'floor';
  readonly port: number;
  readonly token: string;
}

export interface TurnTimes {
  /** Milliseconds from sending to the first text. */
  readonly firstMs: number;
  /** Milliseconds from sending to the end. */
  readonly totalMs: number;
}

interface TurnMarks {
  readonly first: string;
  readonly end: string;
  readonly good: string;
}

/** One turn of a conversation. Throws when it did not end in an answer. */
export function turn(subject: Subject, session: string, text: string): Promise<TurnTimes> {
  return stream(subject.port, `/api/sessions/${session}/messages`, { text }, subject.token, {
    first: '"type":"text-delta"',
    end: '"type":"turn-end"',
    good: '"outcome":"answered"',
  });
}

/** The same model asked without anybody between: what neither subject can be faster than. */
export function direct(modelPort: number): Promise<TurnTimes> {
  const body = { model: 'bench', stream: true, messages: [{ role: 'user', content: 'hello' }] };
  return stream(modelPort, '/v1/chat/completions', body, '', { first: '"content"', end: '[DONE]', good: '[DONE]' });
}

async function stream(port: number, path: string, body: object, token: string, marks: TurnMarks): Promise<TurnTimes> {
  const began = performance.now();
  let seen = '';
  let firstMs: number | undefined;
  let totalMs: number | undefined;
  const { status, rest } = await post(port, path, body, token, (line) => {
    if (firstMs === undefined && line.includes(marks.first)) firstMs = performance.now() - began;
    if (!line.includes(marks.end)) return;
    totalMs = performance.now() - began;
    seen = line;
  });
  if (status !== 200 || totalMs === undefined || !seen.includes(marks.good)) throw new Error(`${path} answered ${status}: ${(seen || rest).slice(0, 300)}`);
  return { firstMs: firstMs ?? totalMs, totalMs };
}

/** Posts JSON and hands on each `data:` line of the answer as it comes; `rest` is what was no whole line. */
function post(
  port: number,
  path: string,
  body: object,
  token: string,
  onData: (line: string) => void,
): Promise<{ readonly status: number | undefined; readonly rest: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.startsWith('data: ')) onData(line);
      });
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, rest }));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** A turn that is looked at while it runs. */
export interface Watched {
  /** When an event with these words came, as `performance.now()` says it; now or later. Throws when the turn ends without it, or after ten seconds. */
  seen(words: string): Promise<number>;
}

export function watch(subject: Subject, session: string, text: string): Watched {
  const events: { readonly line: string; readonly at: number }[] = [];
  let over: string | undefined;
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const again of waiting) again();
  };
  post(subject.port, `/api/sessions/${session}/messages`, { text }, subject.token, (line) => {
    events.push({ line, at: performance.now() });
    look();
  })
    .then(({ status, rest }) => `it ended with ${status} ${rest.slice(0, 200)}`, String)
    .then((how) => {
      over = how;
      look();
    });
  return {
    seen: (words) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          clearTimeout(timer);
          waiting.delete(again);
        };
        const fail = (why: string): void => {
          done();
          reject(new Error(`no ${words} in ${session}: ${why}; the last event was ${events.at(-1)?.line.slice(0, 200)}`));
        };
        const again = (): void => {
          const found = events.find(({ line }) => line.includes(words));
          if (found) {
            done();
            resolve(found.at);
          } else if (over !== undefined) fail(over);
        };
        const timer = setTimeout(() => fail('it did not come in 10 s'), 10_000);
        waiting.add(again);
        again();
      }),
  };
}

/** Ends what runs in a session: by the button, or by the word. */
export async function stop(subject: Subject, session: string, by: 'button' | 'word'): Promise<void> {
  const path = `/api/sessions/${session}/${by === 'button' ? 'stop' : 'messages'}`;
  const { status, rest } = await post(subject.port, path, by === 'button' ? {} : { text: 'stop' }, subject.token, () => undefined);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${rest.slice(0, 300)}`);
}

/** The middle of the sorted numbers; the mean of two where there is no one middle. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** `rounds` turns in each of `width` conversations at once. */
export async function turns(subject: Subject, width: number, rounds: number, text: string, prefix: string): Promise<TurnTimes[]> {
  const lanes = Array.from({ length: width }, async (_, lane) => {
    const times: TurnTimes[] = [];
    for (let round = 0; round < rounds; round++) times.push(await turn(subject, `${prefix}-${lane}`, text));
    return times;
  });
  return (await Promise.all(lanes)).flat();
}
