// The console's files. Public, like the login page they hold; which files there are is decided by the reader handed in.
import { diagramFrame, frameResponse } from './diagram-frame.ts';
import type { StaticFile } from './parts.ts';

const plain = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][A-Za-z0-9._-]*$/u;

const notBuilt = `CoPaw is running, but its web console is not built.

Run \`npm run build\` in the checkout and reload this page. The command line works without it: \`copaw chat\`.
`;

/** A file of the console; names that are not plain (dot files, "..", escapes) are not there. */
export async function serveStatic(path: string, staticFile: StaticFile): Promise<Response> {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const file = plain.test(name) ? await staticFile(name) : undefined;
  if (file && name === diagramFrame) return frameResponse(new TextDecoder().decode(file.body));
  if (file) {
    const cache = name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    const scope = name === 'service-worker.js' ? { 'service-worker-allowed': '/' } : {};
    return new Response(Uint8Array.from(file.body), { headers: { 'content-type': withCharset(file.mediaType), 'cache-control': cache, ...scope } });
  }
  if (path === '/') return new Response(notBuilt, { headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' } });
  return new Response('Not found.\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

function withCharset(mediaType: string): string {
  return mediaType.startsWith('text/') && !mediaType.includes('charset') ? `${mediaType}; charset=utf-8` : mediaType;
}
