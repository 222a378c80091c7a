// Builds the page that draws diagrams: the library as it is published, and our few lines. None of it is part of the console's own script.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const library = fileURLToPath(import.meta.resolve('@mermaid-js/tiny'));
const own = fileURLToPath(new URL('src/diagram/frame.ts', import.meta.url));

/** One page with everything in it: a frame without an origin may ask for nothing. `{nonce}` is replaced with each answer of the server. */
const page = (scripts: readonly string[]): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Diagram</title>
    <style>html, body { margin: 0; background: transparent; } svg { display: block; max-width: 100%; height: auto; margin: auto; }</style>
  </head>
  <body>
${scripts.map((script) => `<script nonce="{nonce}">${script}</script>`).join('\n')}
  </body>
</html>
`;

export function diagramFrame(): Plugin {
  return {
    name: 'diagram-frame',
    apply: 'build',
    async generateBundle() {
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        build: { write: false, lib: { entry: own, formats: ['iife'], name: 'frame' } },
      });
      const [chunk] = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
      if (chunk?.type !== 'chunk') throw new Error('The frame of diagrams has no script.');
      const scripts = [await readFile(library, 'utf8'), chunk.code];
      // Either would end the script, or begin another, inside the page.
      if (scripts.some((script) => /<\/?script|\{nonce\}/iu.test(script))) throw new Error('A script of the frame of diagrams cannot stand in a page.');
      this.emitFile({ type: 'asset', fileName: 'diagram.html', source: page(scripts) });
    },
  };
}
