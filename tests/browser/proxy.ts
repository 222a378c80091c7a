// What may stand between a browser and CoPaw, made worse to order: the event stream is cut, repeated, mixed up or stalled, and answers are lost.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What happens to one event of the stream; it goes through as it is where nothing is said. */
export type Fault = 'cut' | 'cut-within' | 'twice' | 'mixed' | 'stall' | 'bytes' | undefined;

export interface FaultyProxy {
  readonly url: string;
  /** Asked of each event that comes from CoPaw, as its frame, on whichever stream. */
  fault: (frame: string) => Fault;
  /** True: the answer of this request is thrown away once CoPaw has given it. */
  loses: (path: string) => boolean;
  /** What is answered in place of CoPaw, which is not asked then. */
  answers: (path: string) => { readonly status: number; readonly type: string; readonly body: string } | undefined;
  /** How often the page opened the stream. */
  readonly streams: number;
  close(): Promise<void>;
}

export async function startProxy(target: () => string): Promise<FaultyProxy> {
  let streams = 0;
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? '/';
    const instead = proxy.answers(path);
    if (instead) {
      incoming.resume();
      outgoing.writeHead(instead.status, { 'content-type': instead.type }).end(instead.body);
      return;
    }
    const headers = { ...incoming.headers, host: new URL(target()).host, ...(incoming.headers.origin === undefined ? {} : { origin: target() }) };
    const onward = request(`${target()}${path}`, { method: incoming.method, headers }, (answer) => {
      if (path.startsWith('/api/events')) {
        streams++;
        passEvents(answer, outgoing);
      } else if (proxy.loses(path)) {
        answer.resume().once('end', () => outgoing.destroy());
      } else {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  const passEvents = (answer: IncomingMessage, outgoing: ServerResponse): void => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    let rest = '';
    let stalled = false;
    answer.setEncoding('utf8').on('data', (text: string) => {
      const frames = (rest + text).split('\n\n');
      rest = frames.pop() ?? '';
      for (const frame of frames.map((one) => `${one}\n\n`)) {
        if (stalled || outgoing.destroyed) return;
        const fault = frame.startsWith('id:') ? proxy.fault(frame) : undefined;
        if (fault === 'stall') stalled = true;
        else if (fault === 'bytes') for (const byte of Buffer.from(frame)) outgoing.write(Buffer.of(byte));
        else if (fault === 'cut-within') outgoing.write(frame.slice(0, frame.length / 2));
        else if (fault === 'mixed') outgoing.write(frame.slice(0, frame.length / 2) + frame.slice(frame.length / 3));
        else outgoing.write(fault === 'twice' ? frame + frame : frame);
        if (fault === 'cut' || fault === 'cut-within') outgoing.socket?.end();
      }
    });
    answer.once('close', () => !stalled && outgoing.destroy());
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    fault: () => undefined,
    loses: () => false,
    answers: () => undefined,
    get streams() {
      return streams;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
