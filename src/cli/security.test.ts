// The security commands in front of a made-up SecurityAdmin: what is asked, what a script must give, what is printed and how it ends.
import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../core/audit.ts';
import type { ReviewFinding, SecurityAdmin } from '../core/security.ts';
import { createFakeSecurity } from '../testing/fake-security.ts';
import { exportTo, tail, verify } from './audit.ts';
import type { Context } from './context.ts';
import { list as listDevices, revoke, token } from './devices.ts';
import type { CliParts } from './parts.ts';
import { list, set } from './secrets.ts';
import { audit, report } from './security.ts';

const record = (seq: number, kind = 'login', detail: AuditRecord['detail'] = {}): AuditRecord => ({ seq, at: seq * 1000, kind, detail, mac: `m${seq}` });
const finding = (severity: ReviewFinding['severity'], id: string): ReviewFinding => ({
  id,
  severity,
  what: 'W.',
  where: 'x',
  why: 'Y.',
  fix: 'Z.',
  fixable: false,
});

function setUp(admin: Partial<SecurityAdmin> = {}, more: { typed?: string; piped?: string; parts?: Partial<CliParts> } = {}) {
  const printed = { out: '', error: '' };
  let stop = (): void => undefined;
  const whole: SecurityAdmin = { ...createFakeSecurity(), ...admin };
  const context = {
    parts: {
      homePath: () => '/home',
      homeState: () => 'ours',
      accepted: () => true,
      security: async () => whole,
      review: (_home: string, options: Parameters<SecurityAdmin['review']>[0]) => whole.review(options),
      ...more.parts,
    },
    terminal: {
      interactive: more.typed !== undefined,
      out: (text: string) => {
        printed.out += text;
      },
      error: (text: string) => {
        printed.error += text;
      },
      password: async () => more.typed,
      readAll: async () => more.piped ?? '',
      onStop: (listener: () => void) => {
        stop = listener;
        return () => undefined;
      },
    },
  } as unknown as Context;
  return { context, printed, stop: () => stop() };
}

describe('secrets', () => {
  test('a value comes from the prompt or stdin, less the line end, and is not printed', async () => {
    const calls: unknown[] = [];
    const admin = { setSecret: async (...given: unknown[]) => void calls.push(given) };
    const typed = setUp(admin, { typed: 'typed-canary' });
    await set(typed.context, 'api', { origin: ['https://api.example.org/path'], env: 'API_KEY' });
    const piped = setUp(admin, { piped: 'piped-canary \r\n' });
    await set(piped.context, 'other', { stdin: true, json: true });
    expect(calls).toEqual([
      ['api', 'typed-canary', { origins: ['https://api.example.org'], header: 'Authorization', format: 'Bearer {secret}', env: 'API_KEY' }],
      ['other', 'piped-canary ', undefined],
    ]);
    expect(JSON.stringify([typed.printed, piped.printed])).not.toContain('canary');
    expect(typed.printed.out).toBe('api  Authorization: Bearer {secret} to https://api.example.org; $API_KEY of a command\n');
  });
  test.each([
    ['nobody to ask', {}, {}, 'usage'],
    ['not asked for on stdin', {}, { piped: 'x' }, 'usage'],
    ['empty', { stdin: true }, { piped: '\n' }, 'usage'],
    ['not encrypted', { stdin: true, origin: ['http://api.example.org'] }, { piped: 'x' }, 'usage'],
    ['a variable that changes programs', { stdin: true, env: 'LD_PRELOAD' }, { piped: 'x' }, 'usage'],
    ['a header without an origin', { stdin: true, header: 'X-Key' }, { piped: 'x' }, 'usage'],
  ])('refused: %s', async (_why, options, more, code) => {
    const { context } = setUp({ setSecret: () => Promise.reject(new Error('must not be called')) }, more);
    await expect(set(context, 'api', options)).rejects.toMatchObject({ code });
  });
  test('list shows names and uses', async () => {
    const { context, printed } = setUp({ secrets: async () => [{ name: 'model-main' }] });
    await list(context, {});
    expect(printed.out).toBe('model-main  for CoPaw itself\n');
  });
});

describe('devices', () => {
  const device = { id: 'dev_1', name: 'My \u202e phone', createdAt: 0, seenAt: 61_000 };
  test('list shows when each was last seen, with nothing hidden in a name', async () => {
    const { context, printed } = setUp({ devices: async () => [device] });
    await listDevices(context, {});
    expect(printed.out).toBe('dev_1  My \\u{202e} phone  made 1970-01-01T00:00:00Z  last seen 1970-01-01T00:01:01Z\n');
  });
  test('revoke names one; token prints only the token on stdout', async () => {
    const revoked: string[] = [];
    const admin = { revokeDevice: async (id: string) => void revoked.push(id), addDevice: async () => ({ token: 'copaw_x', device }) };
    const { context, printed } = setUp(admin);
    expect(await revoke(context, 'dev_1', {})).toBe(0);
    expect(revoked).toEqual(['dev_1']);
    printed.out = '';
    await token(context, { name: 'cli' });
    expect(printed.out).toBe('copaw_x\n');
  });
});

describe('audit', () => {
  const records = [record(1), record(2, 'tool-denied', { rule: 'R14', path: 'a\nb\u001b[2J' }), record(3)];
  const admin: Partial<SecurityAdmin> = {
    audit: async ({ limit, after, kind }) => {
      const asked = records.filter((one) => (after === undefined || one.seq > after) && (kind === undefined || one.kind === kind));
      return after === undefined ? asked.slice(-limit) : asked.slice(0, limit);
    },
  };
  test('tail prints the newest, one a line, whatever they hold', async () => {
    const { context, printed } = setUp(admin);
    expect(await tail(context, { lines: '2' })).toBe(0);
    expect(printed.out).toBe('2  1970-01-01T00:00:02Z  tool-denied  rule=R14  path=a\\nb\\u{1b}[2J\n3  1970-01-01T00:00:03Z  login\n');
    await expect(tail(context, { lines: 'many' })).rejects.toMatchObject({ code: 'usage' });
  });
  test('tail --follow prints what comes, each once, until it is stopped', async () => {
    const { context, printed, stop } = setUp(admin);
    let waits = 0;
    const clock = {
      sleep: async () => {
        waits++;
        if (waits === 1) records.push(record(4));
        if (waits === 3) stop();
      },
    };
    await tail(context, { lines: '1', follow: true, json: true }, clock);
    records.pop();
    expect(
      printed.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).seq),
    ).toEqual([3, 4]);
  });
  test('verify says whether the chain holds, also by its exit code', async () => {
    const broken = setUp({ verifyAudit: async () => ({ ok: false, records: 3, brokenAt: 2 }) });
    expect(await verify(broken.context, {})).toBe(1);
    expect(broken.printed.out).toContain('BROKEN at record 2');
    expect(await verify(setUp({ verifyAudit: async () => ({ ok: true, records: 3 }) }).context, {})).toBe(0);
  });
  test('export writes every record with its chain, page by page', async () => {
    const lines: string[] = [];
    const writeLines: CliParts['writeLines'] = async (_path, all) => {
      for await (const line of all) lines.push(line);
      return lines.length;
    };
    const { context, printed } = setUp(admin, { parts: { writeLines } });
    await exportTo(context, 'out.jsonl', { json: true });
    expect(lines.map((line) => JSON.parse(line))).toEqual(records);
    expect(JSON.parse(printed.out)).toEqual({ file: 'out.jsonl', records: 3 });
  });
});

describe('security', () => {
  test.each([
    [[], 0],
    [[finding('info', 'a-b'), finding('low', 'c-d')], 0],
    [[finding('medium', 'a-b')], 10],
    [[finding('high', 'a-b'), finding('medium', 'c-d')], 11],
    [[finding('critical', 'a-b'), finding('high', 'c-d')], 12],
  ])('audit: %# ends with the code of the gravest', async (findings, code) => {
    const { context } = setUp({ review: async () => ({ at: 0, findings, fixed: [] }) });
    expect(await audit(context, { json: true })).toBe(code);
  });
  test('audit --since-last-review shows what is new and what is gone; the code is still that of everything', async () => {
    const findings = [finding('high', 'old-one'), finding('low', 'new-one')];
    const { context, printed } = setUp({ review: async () => ({ at: 0, findings, fixed: [], since: { at: 0, added: ['new-one x'], gone: ['gone-one y'] } }) });
    expect(await audit(context, { sinceLastReview: true })).toBe(11);
    expect(printed.out).toContain('new-one');
    expect(printed.out).not.toContain('old-one');
    expect(printed.out).toContain('gone-one y');
  });
  test('report: not complete is exit code 1 and says what is missing, on stderr', async () => {
    const made = { markdown: '# Report', complete: false, missing: ['Reproduction'], problems: ['No boundary.'] };
    const { context, printed } = setUp({}, { parts: { securityReport: async () => made } });
    expect(await report(context, {})).toBe(1);
    expect(printed.out).toBe('# Report\n');
    expect(printed.error).toContain('missing: Reproduction\nproblem: No boundary.\n');
    const whole = setUp({}, { parts: { securityReport: async () => ({ ...made, complete: true, missing: [], problems: [] }) } });
    expect(await report(whole.context, { json: true })).toBe(0);
  });
});
