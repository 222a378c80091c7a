// Whom a mail is of, as strangers would like to have it.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { authorOf, programIn } from './author.ts';
import { fieldsOf, oneMailbox, readable } from './headers.ts';

const trust = { authserv: 'mx.example.org', blindly: false };
const passed = 'Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=ana.example; dmarc=pass (p=reject dis=none) header.from=ana.example';
const from = 'From: Ana <ana@ana.example>';
const author = (...lines: readonly string[]) => {
  const fields = fieldsOf(lines.join('\r\n'));
  return fields ? authorOf(fields, trust) : 'head-form';
};

test('who passed the check of the own server is the author, in small letters', () => {
  expect(author(passed, from)).toEqual({ address: 'ana@ana.example', name: 'Ana' });
  expect(author('Received: by mx', passed.replace('; spf', ' 1;\r\n\tspf'), 'FROM: ANA@Ana.Example')).toEqual({ address: 'ana@ana.example' });
});

describe('nobody', () => {
  test.each([
    ['no result at all', [from]],
    ['a result of another server', [passed.replace('mx.example.org', 'mx.evil.example'), from]],
    ['a name that begins like ours', [passed.replace('mx.example.org', 'mx.example.org.evil.example'), from]],
    ['a forged result below the true one', ['Authentication-Results: mx.example.org; dmarc=fail header.from=ana.example', passed, from]],
    ['a forged result of ours below one of another', ['Authentication-Results: relay.example; dmarc=none', passed, from]],
    ['a fail', [passed.replace('dmarc=pass', 'dmarc=fail'), from]],
    ['no policy', [passed.replace('dmarc=pass', 'dmarc=none'), from]],
    ['a word that begins with pass', [passed.replace('dmarc=pass', 'dmarc=passed'), from]],
    ['SPF and DKIM of somebody else', ['Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=evil.example; dkim=pass header.d=evil.example', from]],
    ['the check of another domain', [passed.replace('header.from=ana.example', 'header.from=evil.example'), from]],
    ['the check of a domain above', [passed.replace('header.from=ana.example', 'header.from=example'), from]],
    ['no domain in the check', [passed.replace(' header.from=ana.example', ''), from]],
    ['two checks', [`${passed}; dmarc=fail header.from=ana.example`, from]],
    ['the check in a comment', ['Authentication-Results: mx.example.org; dmarc=fail (; dmarc=pass header.from=ana.example) header.from=ana.example', from]],
    ['the check in a nested comment', ['Authentication-Results: mx.example.org; none (a (b) ; dmarc=pass header.from=ana.example)', from]],
    ['the check in quotes', ['Authentication-Results: mx.example.org; spf=pass smtp.mailfrom="; dmarc=pass header.from=ana.example"', from]],
    ['a comment that does not close', ['Authentication-Results: mx.example.org; none (; dmarc=pass header.from=ana.example', from]],
    ['two authors', [passed, from, 'From: eve@evil.example']],
    ['two authors, one with a space before its colon', [passed, 'From : eve@evil.example', from]],
    ['two authors in one field', [passed, 'From: ana@ana.example, eve@evil.example']],
    ['an author and a sender in one', [passed, 'From: <ana@ana.example> <eve@evil.example>']],
    ['a group', [passed, 'From: Friends: ana@ana.example;']],
    ['a route', [passed, 'From: <@evil.example:ana@ana.example>']],
    ['a quoted local part', [passed, 'From: "ana@ana.example> "@evil.example']],
    ['an address in encoded words', [passed, 'From: =?utf-8?q?ana=40ana=2Eexample?=']],
    ['an address that ends in another', [passed, 'From: <ana@ana.example(@evil.example)>']],
    ['letters that look alike', [passed.replaceAll('ana.example', 'аna.example'), 'From: <ana@аna.example>']],
    ['no author', [passed]],
    ['an empty one', [passed, 'From:']],
    ['a NUL', [passed, 'From: ana@ana.example\0']],
    ['a bare CR that hides a field', [passed, 'X: y\rFrom: eve@evil.example', from]],
    ['a line that is no field', [passed, 'this is no field', from]],
  ])('%s', (_, lines) => expect(typeof author(...lines)).toBe('string'));

  test.each([
    ['a name that is an address', 'From: "ana@ana.example" <eve@evil.example>'],
    ['a name that is one in encoded words', 'From: =?utf-8?b?YW5hQGFuYS5leGFtcGxl?= <eve@evil.example>'],
    ['a comment that is one', 'From: eve@evil.example (ana@ana.example)'],
    ['a name with brackets in quotes', 'From: "Ana <ana@ana.example>" <eve@evil.example>'],
    ['a name whose encoded words bring brackets', 'From: =?utf-8?q?ana=40ana=2Eexample=3E?= <eve@evil.example>'],
  ])('%s does not make it of ana', (_, field) => {
    const checked = passed.replaceAll('ana.example', 'evil.example');
    expect(author(checked, field)).toMatchObject({ address: 'eve@evil.example' });
    expect(typeof author(passed, field)).toBe('string');
  });

  test('whatever a head holds, its author is the one the server checked, or none', () => {
    const piece = fc.constantFrom(
      'From: ',
      'ana@ana.example',
      'eve@evil.example',
      '<',
      '>',
      '"',
      '(',
      ')',
      '\\',
      ',',
      ';',
      '\r\n',
      ' ',
      'dmarc=pass',
      ' header.from=ana.example',
      'Authentication-Results: mx.example.org;',
    );
    const checked = 'Authentication-Results: mx.example.org; dmarc=pass header.from=evil.example';
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const one = author(checked, pieces.join(''));
        expect(typeof one === 'string' || one.address.endsWith('@evil.example')).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

test('without a check only where that was said', () => {
  const fields = fieldsOf(from) ?? [];
  expect(authorOf(fields, { authserv: undefined, blindly: false })).toBe('dmarc');
  expect(authorOf(fields, { authserv: undefined, blindly: true })).toMatchObject({ address: 'ana@ana.example' });
});

describe('what no person wrote', () => {
  test.each([
    ...[
      'Auto-Submitted: auto-replied',
      'Auto-Submitted: auto-generated; x=y',
      'Precedence: bulk',
      'Precedence: list',
      'List-Id: <x.example>',
      'List-Unsubscribe: <mailto:x@y>',
    ],
    ...[
      'X-Auto-Response-Suppress: OOF',
      'X-Autoreply: yes',
      'Return-Path: <>',
      'From: MAILER-DAEMON@x.example',
      'From: No-Reply <no-reply@x.example>',
      'From: bounces+1@x.example',
    ],
  ])('%s', (line) => expect(programIn(fieldsOf(line) ?? [], 'text/plain')).toBeDefined());
  test('a report', () => expect(programIn(fieldsOf(from) ?? [], 'multipart/report')).toBe('report'));
  test.each([from, 'Auto-Submitted: no', 'Precedence: normal', 'Return-Path: <ana@ana.example>'])('%s is not', (line) =>
    expect(programIn(fieldsOf(line) ?? [], 'text/plain')).toBeUndefined(),
  );
});

test('names are read, and cannot turn the line around', () => {
  expect(oneMailbox('=?iso-8859-1?q?J=FCrgen?= =?utf-8?b?5L2g5aW9?= <j@x.example>')).toEqual({ address: 'j@x.example', name: 'Jürgen你好' });
  expect(readable('=?utf-8?q?a=E2=80=AEb=0D=0Ac?=')).toBe('a b c');
  expect(readable('=?no-such-charset?q?a?=')).toBe('=?no-such-charset?q?a?=');
});

test('attack: a head made to be read for hours is read', () => {
  const most = 250_000;
  for (const piece of ['<', '"', '"\\', '\\"', '(', '<(', '"<', ' ', '=?', '=?x?q?', '@', ',', 'a', 'é'])
    expect(author(passed, `From: x${piece.repeat(most / piece.length)} <ana@ana.example>`)).toBe('from-form');
  for (const piece of ['"', '(', ')', ';', ' ', '\\', 'dmarc=', ' header.from=', 'a', ' 1'])
    for (const before of ['', 'mx.example.org', 'mx.example.org; dmarc=pass header.from='])
      expect(author(`Authentication-Results: ${before}${piece.repeat(most / piece.length)}x`, from)).toBe('dmarc');
  for (const piece of ['\r\n ', 'a:\r\n', ' ', 'a', '\n']) expect(author(piece.repeat(most / piece.length), 'x')).toBe('head-form');
  for (const piece of ['=?', '=?x?b?', '=?x?b?a?= ', '=?utf-8?q?_', ' ', '=?a*'])
    expect(readable(piece.repeat(most / piece.length)).length).toBeLessThanOrEqual(most);
});
