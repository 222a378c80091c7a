// Links of a model's text: only what opens a page or a letter, however it is spelt.
import { expect, test } from 'vitest';
import { decodeEntities, safeLink } from './safe-link.ts';

test('web pages and mail open', () => {
  expect(safeLink('https://example.org/a?b=c#d')).toBe('https://example.org/a?b=c#d');
  expect(safeLink('http://localhost:8088')).toBe('http://localhost:8088/');
  expect(safeLink('mailto:a@example.org')).toBe('mailto:a@example.org');
});

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>1</script>',
  'blob:https://example.org/1',
  'file:///etc/passwd',
  'vbscript:x',
  '/api/status',
  '//example.org',
  '#code=x',
  '',
])('script in a link: %j does not open', (href) => {
  expect(safeLink(href)).toBeUndefined();
});

test('script in a link: an address hidden in character references is judged as what it becomes', () => {
  expect(safeLink(decodeEntities('&#106;avascript&#x3a;alert(1)'))).toBeUndefined();
  expect(safeLink(decodeEntities('https&colon;//x'))).toBeUndefined();
});

test('character references become characters once, and turn no text around', () => {
  expect(decodeEntities('&lt;b&gt; &amp;lt; &quot;&#39;&hellip; &unknown; &#0; &#x110000;')).toBe('<b> &lt; "\'… &unknown; &#0; &#x110000;');
  expect(decodeEntities('a&#x202e;b')).toBe('a\\u{202e}b');
});
