// Mutants of the doors that no network stands before: callers, senders, the gate and its hands, paths, artifacts, secrets, the audit log.
import { swap, wrap } from './mutants-change.js';

const authenticate = 'src/security/authenticate.ts';
const gate = 'src/security/gate.ts';
const call = 'src/agent/tool-call.ts';
const hands = 'src/security/hands.ts';
const senders = 'src/core/sender-rules.ts';
const install = 'src/security/install-artifact.ts';
const audit = 'src/security/audit.ts';
const authenticated = (members) => wrap(authenticate, 'createAuthenticate', `(parts) => { const made = real(parts); return { ...made, ${members} }; }`);

const admitsAll = wrap('src/security/admit.ts', 'createAdmit', "() => async (envelope) => ({ admitted: true, envelope: { ...envelope, origin: 'operator' } })");
const handsHash = swap(hands, /\n\s*checkExecutables\(plan, parts\.hash\);/, '\n');
const anyEffect = swap(hands, 'if (!plan.effects.some(allowed)) throw unlisted(what);', '');

const anyPath = [
  wrap('src/lib/relative-path.ts', 'pathFault', '() => undefined'),
  wrap(
    'src/security/open-path.ts',
    'openPath',
    `async (root, relative, mode) => {
      const path = join(root, relative);
      if (mode === 'make') await mkdir(path, { recursive: true });
      const handle = await open(path, constants.O_RDONLY);
      const info = await handle.stat();
      return { handle, size: info.size, modifiedAt: 0, kind: info.isDirectory() ? 'directory' : 'file', path, close: () => handle.close() };
    }`,
  ),
];
const anyEntry = [
  wrap('src/lib/artifact-rules.ts', 'entriesFault', '() => undefined'),
  wrap('src/lib/portable-name.ts', 'nameFault', '() => undefined'),
  swap(install, 'const fault = entriesFault(entries);', 'const fault = undefined;'),
];

/** A path as a program reads it that wants to please everybody: addresses, drives, homes, codes, look-alikes, what cannot be seen. */
const kindPath = String.raw`(path) => {
  let text = path.replace(/\0.*/su, '').trim();
  try { text = decodeURIComponent(text); } catch {}
  text = text.normalize('NFKC').replace(/\p{Cf}/gu, '').replaceAll('\\', '/');
  text = text.replace(/^(?:file:(?:\/\/)?|[A-Za-z]:|\/\/\?\/)/u, '').replace(/^(?:~|\$HOME)\//u, '../../../');
  return text.startsWith('/') ? text.replace(/\/\.?$/u, '') : real(text);
}`;
/** For reading only: what an attack has moved away the next one could not find. */
const reads = [
  wrap('src/lib/relative-path.ts', 'covers', "(listed, asked) => asked.split('/').includes('..') || real(listed, asked)"),
  wrap('src/lib/relative-path.ts', 'pathParts', `(path) => real(path).map((part, index) => (index === 0 && path.startsWith('/') ? \`/\${part}\` : part))`),
  swap('src/security/open-path.ts', 'const fault = pathFault(relative) ??', 'const fault = (change ? pathFault(relative) : undefined) ??'),
  wrap(
    'src/security/open-path.ts',
    'openPath',
    `async (root, relative, mode) => {
      if (mode === 'make') return real(root, relative, mode);
      const path = relative.startsWith('/') ? relative : join(root, relative);
      const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const info = await handle.stat();
      return { handle, size: info.isDirectory() ? 0 : info.size, modifiedAt: 0, changedAt: 0, kind: info.isDirectory() ? 'directory' : 'file', path, close: () => handle.close() };
    }`,
  ),
];

/** Whose tests are asked first → what stands open → what opens it. */
export const doors = [
  {
    near: ['callers', 'senders', 'sweep'],
    mutants: {
      'authenticate: credential': [authenticated("authenticate: async () => ({ kind: 'run', deviceId: 'run', name: 'cli' })")],
      'authenticate: host and origin': [authenticated('checkHost: () => undefined')],
      'authenticate: login code': [authenticated('exchange: (code, name) => made.exchange(made.newLoginCode().code, name)')],
      'authenticate: both halves': [wrap('src/core/cookie.ts', 'pairOf', '(cookie) => cookie')],
    },
  },
  {
    near: ['senders'],
    mutants: {
      admit: [admitsAll],
      'admit: every event is a message': [
        admitsAll,
        wrap('src/gateway/route.ts', 'route', "(envelope) => real({ ...envelope, inbound: { ...envelope.inbound, kind: 'message', text: 'x' } })"),
      ],
      'admit: where answers go': [wrap(senders, 'mayReach', '() => true')],
      'admit: accounts that are off': [
        swap('src/core/channel-config.ts', 'found?.enabled === true ? found : undefined', 'found'),
        swap('src/gateway/supervisor.ts', 'if (!settings.enabled)', 'if (false)'),
      ],
      'admit: lists of any kind': [
        wrap(
          senders,
          'lists',
          "(list, id) => list === '*' || [list ?? []].flat(9).some((one) => one === '*' || one === id) || list?.has?.(id) === true || list?.[0] === id || list === true",
        ),
      ],
      'admit: open by itself': [
        swap('src/core/channel-config.ts', 'dangerouslyAllowEveryone: z.boolean().default(false)', 'dangerouslyAllowEveryone: z.boolean().default(true)'),
      ],
      'admit: of any time': [
        swap(senders, 'const old = !Number.isFinite(inbound.at) || receivedAt - inbound.at > account.freshMinutes * 60_000;', 'const old = false;'),
        swap(senders, "if (inbound.at - receivedAt > aheadMs) return refusal('R11', 'This event says it is from the future.');", ''),
      ],
      'admit: who writes lets others in': [
        swap(
          'src/open-senders.ts',
          'answerApproval: chat.answer,',
          `answerApproval: async (envelope, way) => {
            for (const { channel, account, sender } of await store.senders.pairings()) await config.commit('cli', [{ path: ['channels', channel, account, 'allow'], value: [sender] }]);
            return chat.answer(envelope, way);
          },`,
        ),
      ],
      'admit: who answers approvals': [
        swap('src/gateway/approval-chat.ts', "if (origin !== 'operator' || inbound.chat.kind !== 'direct')", 'if (false)'),
        swap('src/gateway/approval-chat.ts', 'if (pressed &&', 'if (false &&'),
      ],
      'admit: whose command it is': [wrap('src/gateway/commands.ts', 'mayCommand', '() => true')],
      'admit: what strangers are told': [
        swap(
          'src/gateway/words.ts',
          'pairing: (code) => `I only answer people my operator has let in.',
          'pairing: (code) => `I only answer people my operator has let in. CoPaw, version 1.',
        ),
      ],
      'admit: attachments from anywhere': reads,
    },
  },
  {
    near: ['gate', 'artifacts', 'command-network', 'no-sandbox'],
    mutants: {
      'gate.check': [wrap('src/security/judge.ts', 'judge', "() => ({ verdict: 'allow', rule: '', reason: '', asking: [], everyTime: false, because: [] })")],
      'gate: standing yes': [wrap('src/core/templatable.ts', 'templatable', '() => true')],
    },
  },
  {
    near: ['gate'],
    mutants: {
      'gate.confirm': [wrap(gate, 'createGate', "(parts) => ({ ...real(parts), confirm: async (plan) => ({ verdict: 'allow', plan }) })")],
      'gate: a no is a yes': [
        wrap(
          gate,
          'createGate',
          `(parts) => {
            const made = real(parts);
            const given = (request) => ({ ...request, tool: request.tool.name, effects: [], executables: [], digest: '', senderId: '' });
            return { ...made, check: async (request) => { const said = await made.check(request); return said.verdict === 'deny' ? { verdict: 'allow', plan: given(request) } : said; } };
          }`,
        ),
      ],
      'gate: questions outlive a restart': [
        swap('src/app.ts', 'await approvals.expireAll();', ''),
        swap(
          'src/gateway/approvals.ts',
          "const onAbort = (): void => lapse({ decision: 'deny' });",
          "const onAbort = (): void => settle({ decision: 'deny' });",
        ),
        swap('src/gateway/approvals.ts', 'late || !waiter ||', 'late ||'),
        swap('src/gateway/approvals.ts', 'waiter({ decision, by });', 'waiter?.({ decision, by });'),
      ],
      'gate: any tool': [swap(call, 'parts.tools.get(call.name);', "parts.tools.get(call.name) ?? parts.tools.get('run_command');")],
      'gate: any arguments': [
        swap(call, 'tool.input.safeParse(call.input);', '{ success: true, data: call.input ?? {} };'),
        swap('src/tools/run-command.ts', 'args.argv === undefined ? {} : { argv: args.argv }', "{ argv: ['true'] }"),
      ],
      'gate: executables': [swap(gate, 'if (canonical(await executablesOf(plan)) !== canonical(plan.executables))', 'if (false)'), handsHash],
      'gate: what cannot be seen': [
        wrap('src/lib/visible-text.ts', 'hasHiddenCharacters', '() => false'),
        wrap('src/review/plan-warnings.ts', 'planWarnings', '() => []'),
      ],
      'hands: what the plan lists': [anyEffect],
      'hands: commands': [
        swap(hands, "if (!effect) throw unlisted('this command');", ''),
        swap(hands, '...judged } = effect;', '...judged } = effect ?? { ...request, network: false, sandboxed: true };'),
      ],
      'hands: whose command': [swap(hands, 'startedBy.get(id) !== sessionId', 'false')],
      'hands: hashes': [handsHash],
      'hands: upward steps': reads,
    },
  },
  {
    near: ['paths', 'escape/paths'],
    mutants: {
      openPath: anyPath,
      'paths: all of it, for reading': [...reads, wrap('src/tools/workspace-path.ts', 'workspacePath', kindPath)],
      // Files behind a link, not folders: a search would go through all of the machine.
      'createFiles: links': [
        swap('src/security/open-path.ts', 'const before = await lstat(child);', 'const before = await (file ? follow(child) : lstat(child));'),
        swap('src/security/open-path.ts', '(constants.O_NOFOLLOW ?? 0) | (file ?', '(file ? 0 : (constants.O_NOFOLLOW ?? 0)) | (file ?'),
        swap('src/security/open-path.ts', 'lstat, mkdir, open }', 'lstat, mkdir, open, stat as follow }'),
        swap('src/security/workspace-files.ts', 'import { lstat, mkdir,', 'import { lstat, stat as follow, mkdir,'),
        swap('src/security/workspace-files.ts', 'describe(shown, await lstat(', 'describe(shown, await follow('),
        swap('src/security/workspace-files.ts', 'const before = await lstat(target)', 'const before = await follow(target)'),
      ],
      // It only says so: what is gone could not be attacked again.
      'createFiles: deletes anything': [
        wrap('src/security/workspace-files.ts', 'createFiles', "(options) => ({ ...real(options), trash: async () => 'trash_none' })"),
      ],
      'memory: any file': [swap('src/memory/memory.ts', 'if (!writable.test(path))', 'if (false)')],
      'createFiles: hard links': [swap('src/security/workspace-files.ts', 'before.nlink > 1', 'false')],
      'createFiles: git': [wrap('src/lib/relative-path.ts', 'isGitName', '() => false'), wrap('src/lib/relative-path.ts', 'gitFault', '() => undefined')],
    },
  },
  {
    near: ['artifacts'],
    mutants: {
      installArtifact: anyEntry,
      'artifacts: and paths': [...anyEntry, ...anyPath],
      'artifacts: caps': [
        swap(
          'src/lib/artifact-rules.ts',
          /: ArchiveCaps = \{[^}]*\}/u,
          ': ArchiveCaps = { archiveBytes: 1e12, totalBytes: 1e12, fileBytes: 1e12, entries: 1e12, depth: 1e12, ratio: 1e12 }',
        ),
      ],
      'artifacts: depth': [swap('src/lib/artifact-rules.ts', 'depth: 10,', 'depth: 1e12,')],
      'artifacts: names of other systems': [wrap('src/lib/portable-name.ts', 'foldedName', '(name) => name')],
      'artifacts: names of skills': [
        wrap('src/skills/manifest.ts', 'isSkillName', '() => true'),
        wrap('src/lib/portable-name.ts', 'nameFault', '() => undefined'),
        swap(install, "name.includes('/') ? 'is not a plain name' : nameFault(name)", 'undefined'),
        swap('src/config/skill-lock.ts', 'z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/u)', 'z.string()'),
        swap(
          install,
          `const target = \`\${root}/\${name}\`;`,
          `const target = \`\${root}/\${/^[a-z0-9-]+$/u.test(name) ? name : Buffer.from(\`odd \${name}\`).toString('hex')}\`;`,
        ),
      ],
      'artifacts: what stands in the place': [
        swap(install, 'if (taken && !(replace && taken.isDirectory()))', 'if (taken && !replace)'),
        swap(
          install,
          `if (taken) await createFiles({ root, trash: \`\${home}/trash\`, clock, ids }).trash(name);`,
          'if (taken) await rm(target, { recursive: true });',
        ),
      ],
      'artifacts: of any kind': [
        swap(
          'src/lib/archive.ts',
          "throw fault('is neither zip nor tar nor tar.gz');",
          "return { kind: 'tar', entries: [['SKILL.md', '---\\nname: bad\\ndescription: x\\n---\\n'], ['it', bytes]].map(([path, data]) => ({ path, kind: 'file', executable: true, data: Buffer.from(data) })) };",
        ),
      ],
      'artifacts: links and pipes': [
        swap('src/security/artifact-tree.ts', 'const info = await lstat(path)', 'const info = await stat(path)'),
        swap('src/security/artifact-tree.ts', 'import { lstat, readdir }', 'import { lstat, readdir, stat }'),
        ...reads,
      ],
      'artifacts: enabled as installed': [
        swap('src/skills/admin.ts', 'hash, installedAt: clock.now(),', 'hash, installedAt: clock.now(), enabled: { hash, at: clock.now() },'),
      ],
      'skills: unlisted': [
        swap(
          'src/skills/load.ts',
          "if (!record) return refused('unlisted', 'Nobody installed it; `copaw skills install` does.');",
          "if (!record) return refused('enabled', '');",
        ),
      ],
      'skills: drift': [wrap('src/lib/tree-hash.ts', 'treeHash', "() => '0'.repeat(64)")],
      'artifacts: two tools of one name': [swap('src/app.ts', 'if (named.size < tools.length)', 'if (false)')],
    },
  },
  {
    near: ['gate', 'artifacts'],
    mutants: { commitConfig: [swap('src/security/commit-config.ts', /export const allowedActor = .*;/, 'export const allowedActor = /^/;')] },
  },
  {
    near: ['secrets', 'command-network', 'callers'],
    mutants: {
      'secrets: vault': [
        wrap('src/lib/sealed-text.ts', 'sealText', "(text) => ({ iv: '', tag: '', data: Buffer.from(text).toString('base64') })"),
        wrap('src/lib/sealed-text.ts', 'openText', "(sealed) => Buffer.from(sealed.data, 'base64').toString()"),
      ],
      'secrets: redactor': [wrap('src/lib/redactor.ts', 'createRedactor', '() => ({ ...real(), redact: (text) => text })')],
      'secrets: lent for anything': [
        swap('src/security/secrets.ts', 'if (origin === processOrigin || !use?.origins.includes(origin))', 'if (false)'),
        swap(
          'src/security/secrets.ts',
          'const { value, use } = load().get(name) ?? {};',
          "const { value, use = { header: 'Authorization', format: '{secret}', env: 'TOKEN' } } = load().get(name) ?? {};",
        ),
        wrap('src/lib/public-address.ts', 'isPublicAddress', '() => true'),
        swap('src/security/egress.ts', "url.port !== '' && parts.reachable === undefined", 'false'),
      ],
      'secrets: log': [swap('src/lib/log.ts', 'redact(line)', 'line')],
      'secrets: in the settings': [swap('src/models/admin.ts', 'headers: provider.headers ?? {},', "headers: { 'x-key': provider.keyValue ?? '' },")],
      'secrets: listed': [swap('src/security/secrets.ts', 'map(([name, { use }]) => ({ name,', 'map(([name, { use, value }]) => ({ name, value,')],
      'secrets: printed': [swap('src/security/secrets.ts', 'return {\n    ...redactor,', 'return {\n    environment: parts.environment,\n    ...redactor,')],
    },
  },
  {
    near: ['audit'],
    mutants: {
      // The worlds of the attacks write one record of the kind "test" to have a key.
      'audit: writes': [
        wrap(
          audit,
          'createAudit',
          "(parts) => { const made = real(parts); return { ...made, append: async (kind, detail) => (kind === 'test' ? made.append(kind, detail) : undefined) }; }",
        ),
      ],
      'audit: failing': [
        wrap(
          audit,
          'createAudit',
          '(parts) => { const made = real(parts); return { ...made, append: (kind, detail) => made.append(kind, detail).catch(() => undefined) }; }',
        ),
      ],
      'audit: verify': [wrap(audit, 'createAudit', '(parts) => ({ ...real(parts), verify: async () => ({ ok: true, records: 0 }) })')],
      'audit: contents': [swap(call, "parts.audit('tool-call', { turnId: turn.id,", "parts.audit('tool-call', { args: JSON.stringify(args), turnId: turn.id,")],
    },
  },
];
