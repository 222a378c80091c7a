// The page that draws diagrams of answers inside the console: in a sandbox, with an origin of its own, and with nothing to load from.
import { randomBytes } from 'node:crypto';

/** Its path among the console's files; the console frames it. */
export const diagramFrame = 'diagram.html';

/** Stands in the file where each answer has a word of its own: only the scripts that carry it run. */
const placeholder = '{nonce}';

/**
 * The frame with the headers that bind it. Its library writes styles into what it draws, so those are allowed; no script of the page's own making,
 * no request, no form, no way to an address. It may only be framed by the console.
 */
export function frameResponse(html: string): Response {
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
  ].join('; ');
  return new Response(html.replaceAll(placeholder, nonce), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy,
      'x-frame-options': 'SAMEORIGIN',
      'x-dns-prefetch-control': 'off',
    },
  });
}
