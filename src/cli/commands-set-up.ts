// The commands that set CoPaw up: models, config.json, agents, skills.
import type { Command } from 'commander';
import type { Act, Make } from './command-parts.ts';

export function addSetUpCommands(program: Command, command: Make, act: Act): void {
  const models = program.command('models').description('See and change the models that answer');
  command(models, 'list', 'List providers').action((options) => act(async (context) => (await import('./models.ts')).list(context, options)));
  command(models, 'add <id>', 'Add a provider')
    .requiredOption('--kind <kind>', 'openai-compatible, openai, anthropic or google')
    .requiredOption('--model <name>', "the provider's own name of the model")
    .option('--base-url <url>', 'address of the API')
    .option('--key-env <name>', 'read the key from this environment variable')
    .option('--key-stdin', 'read the key from stdin and keep it encrypted')
    .option('--no-key', 'it needs no key')
    .option('--default', 'let this model answer from now on')
    .action((id, options) => act(async (context) => (await import('./models.ts')).add(context, id, options)));
  command(models, 'test [ref]', 'Call a model ("provider/model"; without one, the default) and say what works').action((ref, options) =>
    act(async (context) => (await import('./models.ts')).test(context, ref, options)),
  );
  command(models, 'set <ref>', 'Let "provider/model" answer from now on').action((ref, options) =>
    act(async (context) => (await import('./models.ts')).set(context, ref, options)),
  );
  command(models, 'remove <id>', 'Remove a provider and its stored key').action((id, options) =>
    act(async (context) => (await import('./models.ts')).remove(context, id, options)),
  );

  const config = program.command('config').description('Read and change config.json; a key is a dotted path, or a JSON array of keys');
  command(config, 'get [key]', 'Print a value, or everything, as it is in force').action((key, options) =>
    act(async (context) => (await import('./config.ts')).get(context, key, options)),
  );
  command(config, 'set <key> <value>', 'Set a value; JSON where it reads as JSON, else text').action((key, value, options) =>
    act(async (context) => (await import('./config.ts')).set(context, key, value, options)),
  );
  command(config, 'unset <key>', 'Return to the default').action((key, options) =>
    act(async (context) => (await import('./config.ts')).unset(context, key, options)),
  );
  command(config, 'show', 'Print the file as it is, with its comments').action((options) =>
    act(async (context) => (await import('./config-text.ts')).show(context, options)),
  );
  command(config, 'schema', 'Print its JSON Schema').action((options) => act(async (context) => (await import('./config-text.ts')).schema(context, options)));
  command(config, 'check', 'Say what a text from stdin would change and what is wrong with it; writes nothing').action((options) =>
    act(async (context) => (await import('./config-text.ts')).check(context, options)),
  );
  command(config, 'replace', 'Put a text from stdin in its place')
    .option('--hash <sha256>', 'only where the file still has this hash')
    .action((options) => act(async (context) => (await import('./config-text.ts')).replace(context, options)));
  command(config, 'undo', 'Go back to the file as it was before the last change; once more is forward again').action((options) =>
    act(async (context) => (await import('./config-text.ts')).undo(context, options)),
  );
  command(config, 'validate', 'Check the file').action((options) => act(async (context) => (await import('./config.ts')).validate(context, options)));
  command(config, 'path', 'Print where the file is').action((options) => act(async (context) => (await import('./config.ts')).path(context, options)));

  const agents = program.command('agents').description('See the agents, their persona, and which model answers for each');
  command(agents, 'list', 'List agents').action((options) => act(async (context) => (await import('./agents.ts')).list(context, options)));
  command(agents, 'set <id>', 'Give an agent another name or model')
    .option('--name <name>', 'how it is called')
    .option('--model <ref>', '"provider/model"')
    .option('--default-model', 'let the default of all answer for it')
    .action((id, options) => act(async (context) => (await import('./agents.ts')).set(context, id, options)));
  command(agents, 'show <id> <file>', 'Print a file of its persona').action((id, file, options) =>
    act(async (context) => (await import('./agents.ts')).show(context, id, file, options)),
  );
  command(agents, 'write <id> <file>', 'Replace a file of its persona with a text from stdin')
    .option('--hash <sha256>', 'only where the file still has this hash, or "absent"')
    .action((id, file, options) => act(async (context) => (await import('./agents.ts')).write(context, id, file, options)));

  const skills = program.command('skills').description('Install, review and enable skills');
  command(skills, 'list', 'List installed skills and their state').action((options) =>
    act(async (context) => (await import('./skills.ts')).list(context, options)),
  );
  command(skills, 'install <path>', 'Install a folder, .zip, .tar or .tar.gz; it is not enabled')
    .option('--name <name>', 'install it under this name')
    .option('--replace', 'take the place of the one with that name, which goes to the trash')
    .action((path, options) => act(async (context) => (await import('./skills.ts')).install(context, path, options)));
  command(skills, 'enable <name>', 'Show where a skill came from and what was found in it, ask, and enable exactly that')
    .option('--yes', 'ask nothing; needs --hash')
    .option('--hash <sha256>', 'enable only if its files have this hash')
    .action((name, options) => act(async (context) => (await import('./skills.ts')).enable(context, name, options)));
  command(skills, 'disable <name>', 'Disable it').action((name, options) =>
    act(async (context) => (await import('./skills.ts')).disable(context, name, options)),
  );
  command(skills, 'remove <name>', "Move it to the home's trash").action((name, options) =>
    act(async (context) => (await import('./skills.ts')).remove(context, name, options)),
  );
  command(skills, 'restore <trash>', 'Bring a removed one back as it was').action((trash, options) =>
    act(async (context) => (await import('./skills.ts')).restore(context, trash, options)),
  );
  command(skills, 'audit [name]', 'Scan again; exit code 1 when files changed or a finding is high').action((name, options) =>
    act(async (context) => (await import('./skills.ts')).audit(context, name, options)),
  );
}
