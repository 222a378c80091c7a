// Mutants of what meets the world: the server, the network, the proxy of commands, processes and their sandbox.
import { swap, wrap } from './mutants-change.js';

/** The path as a router reads it that wants to please everybody. */
const kindUrl = String.raw`(path) => {
  let text = path;
  try { text = decodeURIComponent(path); } catch {}
  text = text.replaceAll('\\', '/').replace(/[\0;].*|\.json$/gsu, '').replace(/\/+/gu, '/').toLowerCase();
  return new URL(text.replace(/(.)\/$/u, '$1'), 'http://x').pathname;
}`;
const mount = 'src/http/mount.ts';
const egress = 'src/security/egress.ts';
const targets = 'src/core/proxy-target.ts';
const bubblewrap = 'src/lib/bubblewrap.ts';
const door = 'src/security/process.ts';
/** A process door that is made of the real one. */
const processDoor = (change) =>
  wrap(
    door,
    'createProcessDoor',
    `(parts) => { const made = real(parts); const other = (plan) => (${change}); return { ...made, run: (plan, ...more) => made.run(other(plan), ...more), start: (plan) => made.start(other(plan)) }; }`,
  );
const reachable = [
  swap(egress, "if (kind === 'public' && !reachable(literal))", 'if (false)'),
  swap(egress, "if (kind === 'public' && !addresses.every((address) => reachable(address)))", 'if (false)'),
];
const ports = swap(egress, "url.port !== '' && parts.reachable === undefined", 'false');

/** Whose tests are asked first → what stands open → what opens it. */
export const surfaces = [
  {
    near: ['callers', 'senders', 'sweep'],
    mutants: {
      'http: guard and route read a path differently': [
        swap(mount, 'const mostBody', `const kind = ${kindUrl};\nconst mostBody`),
        swap(mount, 'row.public === true ? undefined', "row.public === true || context.req.header('x-as-sent') ? undefined"),
        swap(
          mount,
          'fetch: async (request) =>',
          `fetch: async (sent) => {
            const url = new URL(sent.url);
            const path = kind(url.pathname);
            let request = sent;
            if (path !== url.pathname) {
              url.pathname = path;
              request = new Request(url, sent);
              request.headers.set('x-as-sent', '1');
            }
            return (`,
        ),
        swap(mount, 'new URL(request.url).pathname) };', 'new URL(request.url).pathname)); } };'),
      ],
      'http: any file': [
        swap('src/http/static.ts', 'plain.test(name) ?', 'true ?'),
        swap('src/http/static.ts', 'const name =', 'try { path = decodeURIComponent(path); } catch {}\n  const name ='),
        swap(
          'src/serve.ts',
          'body: await files.read(path)',
          "body: await (await import('node:fs/promises')).readFile((await import('node:path')).resolve(root, path))",
        ),
      ],
      'http: what is not there is there': [swap('src/http/static.ts', "if (path === '/') return", 'return')],
      'http: what is below /api is taken': [
        swap(mount, "for (const path of ['/api/*', '/metrics']) app.all(path, none);", "app.all('/api/*', () => Response.json({}));"),
      ],
      'http: below /api without a guard': [swap(mount, "for (const path of ['/api/*', '/metrics']) app.all(path, none);", '')],
      'http: no host check': [
        swap(mount, 'return wrong ? refused(wrong) : next();', 'return next();'),
        swap(mount, 'const wrong = doors.checkHost(asked(context));', ''),
      ],
      'http: any body': [swap(mount, /\n {2}app\.use\('\*', bodyLimit[^\n]*/u, '')],
      'http: answers other origins': [
        swap(
          mount,
          'const app = new Hono();',
          "const app = new Hono();\n  app.options('*', () => new Response(null, { status: 204, headers: { 'access-control-allow-origin': '*' } }));",
        ),
      ],
      'http: upgrades': [swap('src/http/listen.ts', '426 Upgrade Required', '101 Switching Protocols')],
      'http: headers': [wrap('src/http/responses.ts', 'secured', '(response) => response')],
      'http: a route without its door': [swap('src/http/login.ts', "path: '/api/status',", "path: '/api/status',\n    public: true,")],
      'http: host names': [wrap('src/core/caller.ts', 'strangeHost', '() => undefined')],
      'http: cookie': [swap('src/http/login.ts', '; HttpOnly; SameSite=Strict', '')],
      'http: listens everywhere': [swap('src/http/listen.ts', 'server.listen(port, host, resolve)', "server.listen(port, '0.0.0.0', resolve)")],
      'http: listens on IPv6': [swap('src/http/listen.ts', 'server.listen(port, host, resolve)', "server.listen(port, '::', resolve)")],
      'http: default address': [swap('src/core/config.ts', ".default('127.0.0.1')", ".default('0.0.0.0')")],
      'http: address of the environment': [swap('src/serve.ts', 'host: usual.host, port }', 'host: process.env.HOST ?? usual.host, port }')],
      'http: widened without a word': [swap('src/serve.ts', "if (!['127.0.0.1', 'localhost', '::1'].includes(usual.host))", 'if (false)')],
      'authenticate: tokens as they are': [wrap('src/lib/one-time-codes.ts', 'hashToken', '(token) => token')],
    },
  },
  {
    near: ['sweep'],
    mutants: {
      'sweep: events past their door': [
        swap(
          'src/open-senders.ts',
          /\n {4}admit,/u,
          "\n    admit: async (envelope, again) => (envelope.channel === 'fake' ? { admitted: false, rule: '', reason: '' } : admit(envelope, again)),",
        ),
      ],
      'sweep: a tool more': [swap('src/builtins.ts', /\n {2}writeFile,\n\]/u, "\n  writeFile,\n  { ...writeFile, name: 'write_other' },\n]")],
      'sweep: calls past the gate': [
        swap(
          'src/agent/tool-call.ts',
          'await parts.gate.check({',
          "await (async (request) => ({ verdict: 'allow', plan: { ...request, tool: request.tool.name, executables: [], digest: '', senderId: '' } }))({",
        ),
      ],
    },
  },
  {
    near: ['egress'],
    mutants: {
      'egress: addresses': [wrap('src/lib/public-address.ts', 'isPublicAddress', '() => true')],
      'egress: origins': [swap(egress, 'if (!purpose.origins.includes(url.origin))', 'if (false)')],
      'egress: schemes': [
        swap('src/core/web-address.ts', "url.protocol !== 'http:' && url.protocol !== 'https:'", 'false'),
        swap('src/tools/fetch-url.ts', 'z.url({ protocol: /^https?$/ })', 'z.url()'),
      ],
      'egress: ports': [ports],
      'egress: composed addresses': [swap('src/core/effect-row.ts', "'fetch-known' : 'fetch-composed'", "'fetch-known' : 'fetch-known'")],
      'egress: names in addresses': [swap('src/core/web-address.ts', "url.username !== '' || url.password !== ''", 'false'), ...reachable, ports],
      'egress: what names lead to': reachable,
      'egress: redirects unchecked': [swap(egress, 'const next = checkUrl(new URL(location, url), purpose);', 'const next = new URL(location, url);')],
      'egress: redirects without end': [swap(egress, 'hop >= (options.maxRedirects ?? 5)', 'false')],
      'egress: asked twice': [
        swap(
          egress,
          '(address) =>\n          connect({ ...options, hostname: address,',
          'async (address) =>\n          connect({ ...options, hostname: (await lookup(hostname))[0] ?? address,',
        ),
      ],
      'egress: headers go along': [swap(egress, "if (next.origin !== url.origin) headers = { 'user-agent': 'CoPaw', accept: '*/*' };", '')],
      'egress: no end': [swap(egress, 'options.maxBytes ?? 5_000_000', 'options.maxBytes ?? 1e12')],
      'egress: any socket': [swap(egress, 'scheme === undefined || !origins.includes(origin)', 'scheme === undefined')],
      'egress: proxy of the environment': [
        swap(egress, 'const { Agent, buildConnector } = await load();', 'const { EnvHttpProxyAgent, buildConnector } = await load();'),
        swap(egress, 'new Agent({ connect: guarded, connections: 16, keepAliveTimeout: 4_000 })', "new EnvHttpProxyAgent({ proxyTunnel: false, noProxy: '' })"),
      ],
    },
  },
  {
    near: ['command-network', 'escape/proxy'],
    mutants: {
      // What cannot be reached from inside the box of the mutants is reached all the same.
      'proxy: targets': [
        wrap(
          targets,
          'connectTarget',
          "(text) => ({ name: text.replace(/:[^:]*$/u, '').replace(/^.*@|\\[|\\]/gu, '').replace(/[#%].*$/u, ''), port: Number(/:(\\d+)$/u.exec(text)?.[1] ?? 80), private: true })",
        ),
        wrap(
          targets,
          'forwardTarget',
          `(text, hosts) => { const url = URL.parse(text, \`http://\${hosts[0] ?? 'x'}\`); return { name: url.hostname, port: Number(url.port || 80), private: true, path: url.pathname, host: url.host }; }`,
        ),
        swap(
          'src/security/egress-proxy.ts',
          "dial: (target) => dial(target.name, target.port, target.private ? 'origins' : 'public'),",
          "dial: (target) => dial(target.name, target.port, 'origins').catch(() => new PassThrough()),",
        ),
        swap('src/security/egress-proxy.ts', /^import/mu, "import { PassThrough } from 'node:stream';\nimport"),
        swap('src/security/egress-proxy.ts', 'insecureHTTPParser: false, requireHostHeader: true', 'insecureHTTPParser: true, requireHostHeader: false'),
      ],
      'proxy: headers': [wrap(targets, 'forwardedHeaders', '(raw) => raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1]]] : []))')],
      'proxy: where names lead': reachable,
      'proxy: its place can be changed': [
        swap(bubblewrap, "'--remount-ro', '/', '--chdir'", "'--chdir'"),
        swap(bubblewrap, "['--ro-bind', proxy.socket,", "['--bind', proxy.socket,"),
        swap(bubblewrap, "['--ro-bind-data', String(2 + data.push(forwarderScript))", "['--bind-data', String(2 + data.push(forwarderScript))"),
      ],
      'proxy: beside it': [swap(door, '{ network: false, proxy }', '{ network: true, proxy }')],
    },
  },
  {
    near: ['escape/sandbox', 'escape/proxy', 'commands', 'command-network', 'artifacts', 'gate', 'audit'],
    mutants: {
      'process: sandbox': [processDoor('{ ...plan, sandboxed: false }')],
      'process: network': [processDoor('{ ...plan, network: true }')],
    },
  },
  {
    near: ['escape/sandbox'],
    mutants: {
      'process: working folder': [swap(door, "if (isAbsolute(cwd) || cwd.split(/[/\\\\]/).includes('..'))", 'if (false)')],
      'process: names': [
        swap(door, "if (argv[0] === undefined || argv[0] === '' || argv[0].startsWith('-'))", 'if (false)'),
        swap(door, 'const argv = plan.argv ??', "const argv = plan.argv?.map((part) => part.replaceAll('\\0', '')) ??"),
      ],
      'process: number': [swap(door, 'const mostRunning = 32;', 'const mostRunning = 1e9;')],
      'process: output': [
        swap(door, 'const floodFactor = 100;', 'const floodFactor = 1e9;'),
        swap('src/lib/kept-output.ts', 'const half = Math.floor(most / 2);', 'const half = 1e8;'),
      ],
      'process: what is left runs on': [
        swap(bubblewrap, "['user', 'pid', 'ipc',", "['user', 'ipc',"),
        swap(bubblewrap, "'--die-with-parent', ", ''),
        swap(door, 'kill(windows ? child.pid : -child.pid)', 'kill(child.pid)'),
      ],
      'process: descriptors': [swap('src/lib/sandbox-shell.ts', /\n\[ -z "\$BASH" \][^\n]*/u, '')],
      'sandbox: folders': [
        wrap(
          'src/security/sandbox.ts',
          'boundFolders',
          '(hostPath, folders) => ({ readOnly: [...real(hostPath, { readOnly: [], writable: [] }).readOnly, ...folders.readOnly], writable: folders.writable })',
        ),
      ],
      // Nobody may write to the system of the machine: one of its own stands in its place.
      'sandbox: the system can be changed': [
        swap(bubblewrap, "'--remount-ro', '/', '--chdir'", "'--chdir'"),
        swap(bubblewrap, "'--perms', '0444', '--ro-bind-data'", "'--perms', '0666', '--bind-data'"),
        swap(
          bubblewrap,
          '    ...synthetic,',
          `    ...['--tmpfs', '/usr', ...['bin', 'lib', 'lib64', 'libexec', 'local', 'sbin', 'share'].flatMap((name) => ['--ro-bind-try', \`/usr/\${name}\`, \`/usr/\${name}\`])],\n    ...['--perms', '0777', '--bind-data', String(2 + data.push('#!/bin/sh')), '/usr/bin/env'],\n    ...synthetic,`,
        ),
      ],
      'sandbox: rights': [swap(bubblewrap, "'--cap-drop', 'ALL', ", "'--cap-add', 'ALL', "), swap(bubblewrap, "...(proc ? ['--disable-userns'] : []),", '')],
    },
  },
  {
    near: ['no-sandbox', 'secrets'],
    mutants: {
      'process: environment': [
        swap(door, 'env: { PATH: hostPath, HOME: ownHome(), ...common }', 'env: { ...process.env, PATH: hostPath, HOME: ownHome(), ...common }'),
        swap(door, 'const env = { PATH:', 'const env = { ...process.env, PATH:'),
      ],
      'sandbox: required': [swap('src/security/judge.ts', "config.sandbox.mode === 'required'", 'false')],
      'sandbox: said to be there': [
        wrap('src/open-permissions.ts', 'sandboxState', "() => ({ kind: 'full' })"),
        swap('src/agent/prompt.ts', '      sandboxed\n        ?', '      sandboxed || true\n        ?'),
      ],
    },
  },
  {
    near: ['channel-feishu', 'channel-dingtalk'],
    mutants: {
      'render: tags in cards': [swap('src/gateway/render/style-feishu.ts', 'text.replace(markup, entity)', 'text')],
      'render: tags in code of cards': [swap('src/gateway/render/style-feishu.ts', 'if (code) return inCode(text);', 'if (code) return text;')],
      'render: pictures in messages': [swap('src/gateway/render/style-feishu.ts', "before === '!' ?", 'false ?')],
      'render: tags in messages': [swap('src/gateway/render/style-dingtalk.ts', 'text.replace(markup, escaped)', 'text')],
      'feishu: buttons of any type': [
        swap('src/channels/feishu/wire.ts', 'copaw: z.string().min(1).max(500), direct: z.boolean()', 'copaw: z.coerce.string(), direct: z.coerce.boolean()'),
      ],
    },
  },
];
