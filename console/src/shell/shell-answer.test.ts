// The worker answers only GETs of this origin for the page and the files it knows; whatever the API is asked, it stays out of it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellAnswer } from './shell-answer.ts';

const origin = 'http://127.0.0.1:8088';
const files = new Set(['/icon.svg', '/assets/index-a1.js']);
const ask = (url: string, mode: RequestMode = 'cors', method = 'GET') => shellAnswer({ url, mode, method }, origin, files);

test('the page and its files, and nothing that only looks like them', () => {
  expect(ask(`${origin}/`, 'navigate')).toBe('page');
  expect(ask(`${origin}/#/inbox`, 'navigate')).toBe('page');
  expect(ask(`${origin}/assets/index-a1.js`)).toBe('file');
  expect(ask(`${origin}/icon.svg`, 'no-cors')).toBe('file');
  const not = ['/assets/index-b2.js', '/assets/../api/status', '/icon.svg?v=1', '/service-worker.js', '/'];
  expect(not.map((path) => ask(`${origin}${path}`))).toEqual(not.map(() => undefined));
  expect(ask(`${origin}/icon.svg`, 'navigate')).toBeUndefined();
  expect(ask(`${origin}/`, 'navigate', 'POST')).toBeUndefined();
  expect(ask('http://127.0.0.1:9999/', 'navigate')).toBeUndefined();
  expect(ask('http://example.com/icon.svg')).toBeUndefined();
});

test('never the API, whatever it is asked', () => {
  const mode = fc.constantFrom<RequestMode>('cors', 'navigate', 'no-cors', 'same-origin');
  const path = fc.string().map(encodeURIComponent);
  fc.assert(
    fc.property(path, mode, fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD'), (asked, how, method) => {
      expect(shellAnswer({ url: `${origin}/api/${asked}`, mode: how, method }, origin, files)).toBeUndefined();
      expect(shellAnswer({ url: `${origin}/metrics`, mode: how, method }, origin, files)).toBeUndefined();
    }),
  );
});
