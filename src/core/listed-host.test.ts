// Lists of hosts for commands, and what a command asks of its proxy.
import { describe, expect, test } from 'vitest';
import { isListed, listedHost } from './listed-host.ts';
import { connectTarget, forwardedHeaders, forwardTarget } from './proxy-target.ts';

describe('an entry', () => {
  test.each(['example.org', '*.example.org', 'example.org:8443', 'localhost:3000', 'a-b.example', '_dmarc.example.org'])('%s', (text) => {
    expect(listedHost.safeParse(text).success).toBe(true);
  });
  test.each([
    '',
    '*',
    '*.org',
    '*.',
    'Example.org',
    '127.0.0.1',
    '1.1.1.1:80',
    '[::1]',
    '0x7f.1',
    'example.org:0',
    'example.org:65536',
    'a..b',
    '-a.org',
    'example.org/',
    'user@example.org',
    'example.org.',
    'a*.org',
    '10',
  ])('attack: %s is none', (text) => {
    expect(listedHost.safeParse(text).success).toBe(false);
  });
});

test('ports are 80 and 443 unless written; a wildcard names every host below and not itself', () => {
  expect([80, 443, 8080].map((port) => isListed(['example.org'], 'example.org', port))).toEqual([true, true, false]);
  expect([80, 8443].map((port) => isListed(['example.org:8443'], 'example.org', port))).toEqual([false, true]);
  expect(['a.example.org', 'a.b.example.org', 'example.org', 'evilexample.org'].map((name) => isListed(['*.example.org'], name, 443))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('only private hosts may lead inward', () => {
  const network = { hosts: ['example.org'], privateHosts: ['nas.local:8080'] };
  expect(connectTarget('example.org:443', network)).toEqual({ name: 'example.org', port: 443, private: false });
  expect(connectTarget('NAS.local:8080', network)).toEqual({ name: 'nas.local', port: 8080, private: true });
  expect(forwardTarget('http://example.org/a?b', ['example.org'], network)).toMatchObject({ path: '/a?b', host: 'example.org', port: 80 });
  expect(forwardTarget('http://example.org/', ['example.org:80'], network)).toMatchObject({ port: 80 });
  expect(forwardTarget('http://example.org/', [], network)).toHaveProperty('fault');
});

test('headers of one connection stay behind, also those it names itself', () => {
  const raw = [
    'Host',
    'a',
    'Accept',
    '*/*',
    'Connection',
    'close, X-Own',
    'x-own',
    '1',
    'Transfer-Encoding',
    'chunked',
    'Proxy-Authorization',
    'x',
    'Accept',
    'b',
  ];
  expect(forwardedHeaders(raw)).toEqual([
    ['Accept', '*/*'],
    ['Accept', 'b'],
  ]);
});
