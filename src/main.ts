// What bin/copaw.js runs: answers `--version` at once, and hands everything else to cli/ with the parts it may ask for.
import module, { createRequire } from 'node:module';
import { compileCache, readEnvironment } from './config/environment.ts';

/** Runs one command and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V' || argv[0] === 'version')) {
    const { version }: { version: string } = createRequire(import.meta.url)('../package.json');
    process.stdout.write(`${version}\n`);
    return;
  }
  // A refused `init` leaves nothing behind, not even a cache.
  if (argv[0] !== 'init') module.enableCompileCache(compileCache(readEnvironment()));
  const [{ run }, { systemTerminal }] = await Promise.all([import('./cli/run.ts'), import('./cli/terminal.ts')]);
  const code = await run(argv, () => import('./cli-parts.ts').then(({ cliParts }) => cliParts()), systemTerminal());
  process.stdout.write('', () => process.exit(code));
}
