// Makes dist/, or the folder that is named, out of src/: few files that load fast. What every start needs is inside; what only some turns need stays a package of its own.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { licencesOf } from './licences.js';
import { isReplaced, withoutPower } from './without-power.js';

const root = join(import.meta.dirname, '..');
const at = (path) => join(root, path);
const out = process.argv[2] ?? at('dist');

/** Packages put inside: each start would resolve hundreds of their files. */
const inside = ['zod', 'hono', '@hono/node-server', 'jsonc-parser', 'commander', 'marked', 'mqtt', 'ltx', 'imapflow', 'nodemailer'];
const isInside = (id) => inside.some((name) => id === name || id.startsWith(`${name}/`));
/** What a package inside brings is inside too: where CoPaw is installed it is not there. */
const isOfPackage = (importer) => importer?.includes('/node_modules/') ?? false;
const isPlain = (id) => id === 'node:http' || id === 'node:http2';

/** An ES import of node:http reads every export of it, and with them a second undici; taking the module itself does not. */
const plainHttp = {
  name: 'plain-http',
  resolveId: (id) => (isPlain(id) ? `\0${id}` : null),
  load: (id) => {
    if (id === '\0node:http') return "export const { STATUS_CODES, ServerResponse, createServer, request } = process.getBuiltinModule('node:http');";
    // Only told apart from HTTP/1 requests by its class; CoPaw speaks HTTP/1.
    return id === '\0node:http2' ? 'export class Http2ServerRequest {}\nexport const constants = { NGHTTP2_NO_ERROR: 0, NGHTTP2_CANCEL: 8 };' : null;
  },
};

/** The package's main file finds its parts at run time; its ES modules can be put inside. */
const plainJsonc = {
  name: 'plain-jsonc',
  resolveId: (id) => (id === 'jsonc-parser' ? '\0jsonc-parser' : null),
  load: (id) =>
    id === '\0jsonc-parser' ? `import * as parser from ${JSON.stringify(at('node_modules/jsonc-parser/lib/esm/main.js'))};\nexport default parser;` : null,
};

rmSync(out, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  platform: 'node',
  input: {
    main: at('src/main.ts'),
    app: at('src/app.ts'),
    plugin: at('src/plugin.ts'),
    testing: at('src/testing/index.ts'),
    // Started as threads, by their names beside app.js. The first takes nothing of the rest.
    'readable-worker': at('src/tools/readable-worker.ts'),
    'open-backup-worker': at('src/open-backup-worker.ts'),
  },
  external: (id, importer) =>
    isBuiltin(id)
      ? !isPlain(id) && !isReplaced(id, importer)
      : !id.startsWith('.') && !id.startsWith('/') && !id.startsWith('\0') && !isInside(id) && !isOfPackage(importer),
  plugins: [withoutPower, plainHttp, plainJsonc],
  // The groups below say what is loaded together.
  checks: { ineffectiveDynamicImport: false },
});
/** What is loaded together is one file, in this order of choice; the rest is cut where it is imported on first use. */
const groups = [
  { name: 'environment', test: /\/src\/config\/environment\.ts$/ },
  { name: 'mail-power', test: /instead-of:/ },
  { name: 'zod', test: /\/node_modules\/zod\// },
  { name: 'base', test: /\/src\/(?:core|lib)\// },
  // What a command needs before it knows whether CoPaw runs already, and the sandbox, which `start` tries while the rest is loaded.
  { name: 'home', test: /\/src\/(?:config\/(?:acceptance|build|home|home-facts|new-config|run-file)|review\/notice)\.ts$/ },
  { name: 'process', test: /\/src\/security\/(?:process|sandbox|cgroup)\.ts$/ },
  { name: 'contract', test: /\/src\/http\/(?:contract|event-schema)\.ts$/ },
  { name: 'serve', test: /\/src\/(?:serve|http\/listen)\.ts$/ },
  { name: 'http', test: /\/src\/http\/(?!client|skills-client|remote-ask)|\/node_modules\/(?:hono|@hono)\// },
  {
    name: 'app',
    test: /\/src\/(?:app|builtins|open-(?:backup-keeping|doors|senders))\.ts$|\/src\/(?:agent|gateway(?!\/render)|memory(?!\/(?:dates|fit|fuse|hop|plain|query|score|search|spelling|stem|stop-words|thesaurus|when)\b)|schedule|security|store|tools(?!\/readable-(?:page|worker)))\/|\/src\/config\/(?!environment|persona)|\/src\/models\/(?:admin|catalogue|offline|resolve)|\/src\/review\/notice|jsonc-parser/,
  },
];
const { output } = await bundle.write({
  dir: out,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  comments: false,
  codeSplitting: { groups: groups.map((group, index) => ({ ...group, priority: groups.length - index })) },
});
await bundle.close();
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'LICENSES.txt'), licencesOf(output.flatMap((file) => file.moduleIds ?? [])));
