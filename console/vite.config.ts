// Builds the console into dist/: plain files that run under the server's content security policy, with nothing inlined, and the worker that keeps them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { licencesOf } from '../scripts/licences.js';
import { diagramFrame } from './diagram-frame.ts';

const worker = 'service-worker.js';

/** The service worker gets the list of what was built, and a version that changes with any of it. */
function shell(): Plugin {
  return {
    name: 'copaw-shell',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: 'src/shell/service-worker.ts', fileName: worker });
    },
    generateBundle(_, bundle) {
      const made = bundle[worker];
      const page = bundle['index.html'];
      if (made?.type !== 'chunk' || page?.type !== 'asset') throw new Error('The build has no service worker or no page.');
      if (made.imports.length > 0) throw new Error(`The service worker would import ${made.imports.join(', ')}.`);
      const icon = readFileSync(new URL('public/icon.svg', import.meta.url));
      // What only some answers need stays out: without it they are read as they were written.
      const needed = Object.keys(bundle).filter((name) => /^assets\/.*\.(?:css|js)$/u.test(name) && !name.includes('-drawn-'));
      const files = ['/icon.svg', ...needed.map((name) => `/${name}`)].sort();
      const version = createHash('sha256').update(icon).update(page.source).update(made.code).update(files.join('\n')).digest('hex').slice(0, 16);
      made.code = made.code.replaceAll('copawShell', JSON.stringify({ version, files }));
    },
  };
}

/** What is put into the console goes with its licence. Tailwind leaves styles, the library of diagrams a page: neither is a module here. */
const more = ['tailwindcss', '@mermaid-js/tiny'].map((name) => join(import.meta.dirname, '../node_modules', name));
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: licencesOf(modules, more) });
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), diagramFrame(), shell(), licences],
  build: {
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8088' } },
});
