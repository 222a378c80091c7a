// A few routes mounted alone: asked by a caller who holds a credential, and by one who holds none.
import type { Caller } from '../core/brand.ts';
import { mount } from '../http/mount.ts';
import type { HttpParts } from '../http/parts.ts';
import type { RemoteRequest } from '../http/remote-ask.ts';
import type { Route } from '../http/route.ts';

export interface MountedRoutes {
  /** As the device "dev_1"; a body is sent as JSON. What a client of the routes takes. */
  readonly ask: RemoteRequest;
  /** Without a credential. */
  readonly askAsStranger: RemoteRequest;
  /** The status that each route answers a stranger with, in the order of the table. */
  strangers(): Promise<readonly number[]>;
}

/** `parts`: those that these routes ask for. `surface`: what the caller says it is. */
export function mountRoutes(table: readonly Route<HttpParts>[], parts: Partial<HttpParts>, surface = 'cli'): MountedRoutes {
  const app = mount(table, parts as HttpParts, {
    checkHost: () => undefined,
    authenticate: async ({ headers }) =>
      headers('authorization') ? ({ kind: 'device', deviceId: 'dev_1', name: 'Test' } as Caller) : { refused: 'unauthenticated', rule: 'R6', reason: 'No.' },
    until: () => new AbortController().signal,
    redact: (text) => text,
    staticFile: async () => undefined,
  });
  const askAsStranger: RemoteRequest = async (path, init) => app.fetch(new Request(`http://127.0.0.1${path}`, init));
  return {
    ask(path, init = {}) {
      const headers = new Headers(init.headers);
      headers.set('authorization', 'Bearer x');
      headers.set('x-copaw-surface', surface);
      if (init.body !== undefined) headers.set('content-type', 'application/json');
      return askAsStranger(path, { ...init, headers });
    },
    askAsStranger,
    strangers: () => Promise.all(table.map(async ({ method, path }) => (await askAsStranger(path.replace(/\{\w+\}/gu, '1'), { method })).status)),
  };
}
