// The application of a running CoPaw: the API from the route table, and the console's files.
import { mount } from './mount.ts';
import type { HttpApp, HttpParts } from './parts.ts';
import { routes } from './routes.ts';

/** The API from the route table, and the console's files. */
export function createHttp(parts: HttpParts): HttpApp {
  return mount(routes, parts, {
    checkHost: (request) => parts.auth.checkHost(request),
    authenticate: (request) => parts.auth.authenticate(request),
    until: (caller) => parts.auth.until(caller),
    redact: parts.redact,
    staticFile: parts.staticFile,
    ...(parts.onFault ? { onFault: parts.onFault } : {}),
  });
}
