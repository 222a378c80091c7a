// The text of the macOS profile. It was never run there; what is held here is that it names nothing it should not.
import { expect, test } from 'vitest';
import { seatbeltProfile } from './seatbelt-profile.ts';

const plain = { workspace: '/Users/ann/copaw/workspaces/main', readOnly: ['/Users/ann/.nvm'], writable: ['/Users/ann/cache'], network: false };

test('denied unless named: no network, no home, the workspace writable, a toolchain readable', () => {
  const text = seatbeltProfile(plain) ?? '';
  const lines = text.split('\n');
  expect(lines.slice(0, 2)).toEqual(['(version 1)', '(deny default)']);
  expect(lines).toContain('(deny network*)');
  expect(text).not.toContain('network-outbound');
  const write = lines.filter((line) => line.startsWith('(allow file-read* file-write*'));
  expect(write).toEqual([
    '(allow file-read* file-write* (subpath "/Users/ann/copaw/workspaces/main") (subpath "/Users/ann/cache") (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty"))',
  ]);
  expect(lines.find((line) => line.startsWith('(allow file-read* '))).toContain('(subpath "/Users/ann/.nvm")');
  expect(text).not.toContain('(subpath "/Users/ann")');
  expect(text).not.toContain('(subpath "/Users/ann/copaw")');
  expect(lines.find((line) => line.startsWith('(allow file-read-metadata'))).toContain('(literal "/Users/ann")');
});

test('network only when it is granted', () => {
  const text = seatbeltProfile({ ...plain, network: true }) ?? '';
  expect(text).toContain('(allow network-outbound)');
  expect(text).not.toContain('(deny network*)');
});

test('attack: a path that closes its string', () => {
  const text = seatbeltProfile({ ...plain, workspace: '/w") (allow default) ("' }) ?? '';
  expect(text).toContain('(subpath "/w\\") (allow default) (\\"")');
  expect(text.split('\n').filter((line) => line === '(allow default)')).toEqual([]);
  const quotes = text.split('\n').map((line) => line.replaceAll(/\\[\\"]/gu, '').split('"').length % 2);
  expect(quotes.every((odd) => odd === 1)).toBe(true);
  expect(seatbeltProfile({ ...plain, workspace: '/w\\' })).toContain('(subpath "/w\\\\")');
});

test.each(['/w\n(allow default)', '/', 'relative', '/w\0', '/w\u0085x'])('attack: %j makes no profile', (path) => {
  expect(seatbeltProfile({ ...plain, workspace: path })).toBeUndefined();
  expect(seatbeltProfile({ ...plain, readOnly: [path] })).toBeUndefined();
});

test('git hooks and configuration cannot be changed, whatever characters the workspace has', () => {
  const text = seatbeltProfile({ ...plain, workspace: '/w.x/a"b' }) ?? '';
  expect(text).toContain('(deny file-write* (regex #"^/w\\.x/a.b/(.*/)?\\.git/(hooks|config)")');
});
