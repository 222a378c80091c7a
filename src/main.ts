// What bin/copaw.js runs, `--version` aside: hands everything to cli/ with the parts it may ask for.
import module from 'node:module';
import { compileCache, readEnvironment } from './config/environment.ts';

/** Runs one command and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  // A refused `init` leaves nothing behind, not even a cache.
  if (argv[0] !== 'init') module.enableCompileCache(compileCache(readEnvironment()));
  const [{ run }, { systemTerminal }] = await Promise.all([import('./cli/run.ts'), import('./cli/terminal.ts')]);
  const code = await run(argv, () => import('./cli-parts.ts').then(({ cliParts }) => cliParts()), systemTerminal());
  process.stdout.write('', () => process.exit(code));
}
