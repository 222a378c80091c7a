// Setup mode: what is served before the notice was accepted. The printed code is the only credential, and it opens nothing but the notice.
import { CoPawError } from '../core/error.ts';
import { acceptRequest, acceptResponse, health, notice, ready } from './contract.ts';
import { mount } from './mount.ts';
import { readyAnswer } from './observe.ts';
import type { HttpApp, SetupParts } from './parts.ts';
import { type Route, route } from './route.ts';

const setupRoutes: readonly Route<SetupParts>[] = [
  route({
    method: 'GET',
    path: '/api/health',
    summary: 'Says that CoPaw waits for the notice',
    public: true,
    response: health,
    handle: ({ version }: SetupParts) => ({ status: 'ok' as const, version: version.version, setup: true }),
  }),
  route({
    method: 'GET',
    path: '/api/ready',
    summary: 'Says that CoPaw cannot answer yet',
    public: true,
    response: ready,
    handle: () => readyAnswer(false),
  }),
  route({
    method: 'GET',
    path: '/api/notice',
    summary: 'The security notice; the printed code in the header x-setup-code',
    public: true,
    response: notice,
    handle: (parts: SetupParts, { request }) => {
      checkCode(parts, request.headers.get('x-setup-code') ?? '');
      return { text: parts.notice.text, sha256: parts.notice.sha256 };
    },
  }),
  route({
    method: 'POST',
    path: '/api/notice/accept',
    summary: 'Accepts exactly the notice that was shown',
    public: true,
    body: acceptRequest,
    response: acceptResponse,
    handle: async (parts: SetupParts, { body }) => {
      checkCode(parts, body.code);
      if (body.sha256 !== parts.notice.sha256)
        throw new CoPawError('conflict', 'This is not the notice that CoPaw has now.', { next: 'Reload the page and read it again.', rule: 'R2' });
      const done = await parts.accept(body.language);
      return { accepted: true as const, ...(done?.link === undefined ? {} : { link: done.link }) };
    },
  }),
];

/** Health, the notice behind the printed code, and the console's files; everything else is refused. */
export function createSetupHttp(parts: SetupParts): HttpApp {
  return mount(setupRoutes, parts, {
    checkHost: (request) => parts.checkHost(request),
    authenticate: async () => ({ refused: 'notice-not-accepted', rule: 'R2', reason: 'The security notice has not been accepted yet.' }),
    until: () => new AbortController().signal,
    redact: (text) => text,
    staticFile: parts.staticFile,
    ...(parts.onFault ? { onFault: parts.onFault } : {}),
  });
}

function checkCode(parts: SetupParts, code: string): void {
  if (!parts.checkCode(code))
    throw new CoPawError('unauthenticated', 'This setup code is not valid.', { next: 'Open the link that CoPaw printed when it started.', rule: 'R2' });
}
