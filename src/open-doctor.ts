// Composition of `copaw doctor`: what is looked at of a machine and a home.
import type { Finding } from './cli/parts.ts';
import { CoPawError } from './core/error.ts';
import type { Review } from './core/security.ts';

type ServerRequest = (path: string) => Promise<Response>;

interface Examined {
  readonly environment: Readonly<Record<string, string | undefined>>;
  state(): 'missing' | 'empty' | 'ours';
  accepted(): boolean;
  remote(): Promise<ServerRequest | undefined>;
  review(): Promise<Review>;
}

/** Each link of the chain, the first broken one with its remedy. */
export async function examine(home: string, parts: Examined): Promise<readonly Finding[]> {
  const findings: Finding[] = [{ id: 'node', state: 'ok', detail: `Node ${process.version}` }];
  const check = async (id: string, look: () => Promise<Omit<Finding, 'id'>>): Promise<boolean> => {
    try {
      const found = await look();
      findings.push({ id, ...found });
      return found.state !== 'failed';
    } catch (error) {
      const { message, next } = error instanceof CoPawError ? error : { message: String(error), next: undefined };
      findings.push({ id, state: 'failed', detail: message, ...(next === undefined ? {} : { next }) });
      return false;
    }
  };
  const homeFound = await check('home', async () =>
    parts.state() === 'ours' ? { state: 'ok', detail: home } : { state: 'failed', detail: `There is no CoPaw home at ${home}.`, next: 'Run `copaw init`.' },
  );
  if (!homeFound) return findings;
  await check('notice', async () =>
    parts.accepted() ? { state: 'ok', detail: 'accepted' } : { state: 'failed', detail: 'The security notice is not accepted.', next: 'Run `copaw init`.' },
  );
  await check('config', async () => {
    const { openConfig } = await import('./config/config-file.ts');
    const { identitiesOf } = await import('./core/identities.ts');
    const file = openConfig(home, { onWarning: () => undefined });
    const warnings = [...file.validate(), ...identitiesOf(file.current()).flatMap(({ fault }) => fault ?? [])];
    return warnings.length === 0 ? { state: 'ok', detail: 'valid' } : { state: 'warning', detail: warnings.join(' ') };
  });
  await check('storage', async () => storageOf(home, await parts.remote()));
  await check('model', async () => {
    const [{ openConfig }, { createKeyFiles }, { createSecrets }] = await Promise.all([
      import('./config/config-file.ts'),
      import('./store/key-file.ts'),
      import('./security/secrets.ts'),
    ]);
    const { models, agents, transcription } = openConfig(home, { onWarning: () => undefined }).current();
    const secrets = createSecrets({ dir: `${home}.secret`, keys: createKeyFiles(`${home}.secret`), environment: parts.environment });
    const writesSpeech = async (ref: string): Promise<boolean> => {
      const { hasSpeech } = await import('./models/transcribe.ts');
      return Object.entries(models.providers).some(([id, { kind }]) => ref.startsWith(`${id}/`) && hasSpeech(kind));
    };
    const refs = [...new Set(Object.values(agents).map((agent) => agent.model ?? models.default ?? ''))];
    for (const ref of [...refs, transcription?.model ?? ''].filter((one) => one !== '')) {
      const provider = Object.entries(models.providers).find(([id]) => ref.startsWith(`${id}/`))?.[1];
      if (!provider)
        return { state: 'failed', detail: `There is no model "${ref}".`, next: 'Add it with `copaw models add`, or choose another with `copaw models set`.' };
      if (provider.key && !(await secrets.has(provider.key)))
        return {
          state: 'failed',
          detail: `The key of ${ref} is not set.`,
          next: 'Set the environment variable, or add the provider again with `copaw models add`.',
        };
    }
    if (transcription && !(await writesSpeech(transcription.model)))
      return {
        state: 'failed',
        detail: `The provider of ${transcription.model} writes no speech down.`,
        next: 'Name a model of an openai-compatible or openai provider under transcription, or take that out.',
      };
    return refs.includes('')
      ? { state: 'warning', detail: 'No language model is connected: the built-in offline model answers.', next: 'Connect one with `copaw models add`.' }
      : { state: 'ok', detail: `${refs.join(', ')}; call it with \`copaw models test\`` };
  });
  await check('sandbox', async () => {
    const [{ openConfig }, { checkSandbox }] = await Promise.all([import('./config/config-file.ts'), import('./open-sandbox-check.ts')]);
    const [first, ...more] = await checkSandbox(home, openConfig(home, { onWarning: () => undefined }).current(), parts.environment);
    findings.push(...more);
    return first ?? { state: 'failed', detail: 'The sandbox could not be looked at.' };
  });
  await check('security', async () => {
    const { findings: found } = await parts.review();
    const grave = found.filter(({ severity }) => severity === 'high' || severity === 'critical');
    return grave.length === 0
      ? { state: 'ok', detail: 'no grave findings' }
      : { state: 'warning', detail: [...new Set(grave.map(({ id }) => id))].join(', '), next: 'See `copaw security audit`.' };
  });
  await check('server', async () =>
    (await parts.remote()) ? { state: 'ok', detail: 'running' } : { state: 'warning', detail: 'CoPaw is not running.', next: 'Start it with `copaw start`.' },
  );
  const request = await parts.remote();
  if (request)
    await check('channels', async () => {
      const [{ createRemoteChannels }, { channelLine }] = await Promise.all([import('./http/channels-client.ts'), import('./cli/channels.ts')]);
      const on = (await createRemoteChannels(request).list()).filter(({ state }) => state !== 'off');
      const silent = on.filter(({ state }) => state !== 'up');
      if (silent.length === 0)
        return { state: 'ok', detail: on.length === 0 ? 'none is switched on' : on.map(({ channel, account }) => `${channel}/${account}`).join(', ') };
      return { state: 'warning', detail: silent.map(channelLine).join('; '), next: 'See `copaw channels list`; try again with `copaw channels restart`.' };
    });
  return findings;
}

const littleRoom = 200 * 1024 * 1024;

async function storageOf(home: string, server: ServerRequest | undefined): Promise<Omit<Finding, 'id'>> {
  const next = 'Free some space on the disk that holds the home; CoPaw goes on by itself.';
  if (server) {
    const { status } = await import('./http/contract.ts');
    const { storage } = status.parse(await (await server('/api/status')).json());
    if (storage === 'full') return { state: 'failed', detail: 'The disk is full: no message is accepted.', next };
    if (storage === 'read-only') return { state: 'failed', detail: 'The disk cannot be written to: no message is accepted.', next: 'Make it writable again.' };
  }
  const { freeBytes } = await import('./config/home-facts.ts');
  const free = freeBytes(home);
  const detail = `${Math.floor(free / 1024 ** 2)} MiB free`;
  return free < littleRoom ? { state: 'warning', detail: `Only ${detail}.`, next } : { state: 'ok', detail };
}
