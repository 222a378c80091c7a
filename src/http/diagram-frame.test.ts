// The frame of diagrams: every answer has a nonce of its own, and its policy lets nothing load and nothing of a diagram run.
import { expect, test } from 'vitest';
import { diagramFrame, frameResponse } from './diagram-frame.ts';
import { secured } from './responses.ts';
import { serveStatic } from './static.ts';

const page = '<script nonce="{nonce}">1</script><script nonce="{nonce}">2</script>';
const nonceOf = (policy: string): string => /script-src 'nonce-([\w-]{22})'/u.exec(policy)?.[1] ?? '';

test('only the scripts of the file run, by a word that no answer shares', async () => {
  const [first, second] = [frameResponse(page), frameResponse(page)];
  const nonces = [first, second].map(({ headers }) => nonceOf(headers.get('content-security-policy') ?? ''));
  expect(new Set(nonces).size).toBe(2);
  expect(await first.text()).toBe(page.replaceAll('{nonce}', nonces[0] ?? ''));
  expect(await second.text()).not.toContain(nonces[0]);
});

test('it loads nothing, sends nothing, has no origin, and is framed by the console alone', async () => {
  const file = { body: new TextEncoder().encode(page), mediaType: 'text/html' };
  const answer = await serveStatic(`/${diagramFrame}`, async (name) => (name === diagramFrame ? file : undefined));
  const { headers } = secured(answer, `/${diagramFrame}`);
  expect((headers.get('content-security-policy') ?? '').replace(/'nonce-[\w-]{22}'/u, 'NONCE').split('; ')).toEqual([
    "default-src 'none'",
    'script-src NONCE',
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-scripts',
  ]);
  expect([headers.get('x-frame-options'), headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['SAMEORIGIN', 'no-store', 'nosniff']);
});
