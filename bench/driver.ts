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

function stream(port: number, path: string, body: object, token: string, marks: TurnMarks): Promise<TurnTimes> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) };
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (response) => {
      let rest = '';
      let seen = '';
      let firstMs: number | undefined;
      let totalMs: number | undefined;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        const lines = (rest + piece).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (!line.startsWith('data: ')) continue;
          if (firstMs === undefined && line.includes(marks.first)) firstMs = performance.now() - began;
          if (!line.includes(marks.end)) continue;
          totalMs = performance.now() - began;
          seen = line;
        }
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode !== 200 || totalMs === undefined || !seen.includes(marks.good))
          return reject(new Error(`${path} answered ${response.statusCode}: ${(seen || rest).slice(0, 300)}`));
        resolve({ firstMs: firstMs ?? totalMs, totalMs });
      });
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
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
