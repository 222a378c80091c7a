// Builds the console into dist/: plain files that run under the server's content security policy, with nothing inlined.
import { join } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { licencesOf } from '../scripts/licences.js';

/** What is put into the console goes with its licence. Tailwind leaves styles and no module. */
const licences: Plugin = {
  name: 'licences',
  generateBundle(_, bundle) {
    const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: licencesOf(modules, [join(import.meta.dirname, '../node_modules/tailwindcss')]) });
  },
};

export default defineConfig({
  plugins: [react(), tailwindcss(), licences],
  build: {
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8088' } },
});
