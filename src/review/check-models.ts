// Models: where requests go, how keys are kept, and whether the model is up to tools.
import { type Check, type Facts, when } from './facts.ts';
import { secretShapes } from './secret-shapes.ts';

/** Names of models that follow instructions in what they read more easily than others. Data; matched in the provider's name of the model. */
const weak =
  /(?:^|[-_:/. ])(?:[0-8](?:\.\d{1,2})?b|tiny|mini|nano|small|lite|micro|phi-?[1-3]|gemma|tinyllama|gpt-3(?:\.5)?|claude-(?:instant|2)|babbage|davinci)(?=$|[-_:/. @])/iu;
const credentialHeader = /^(?:authorization|proxy-authorization|cookie|x-api-key|api-key|x-goog-api-key|x-auth-token)$|(?:secret|token|password)/iu;
const loopbackHost = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/u;

const providers = ({ config }: Facts) => Object.entries(config?.models.providers ?? {});

/** The reference each agent uses, with the agent. */
function references({ config }: Facts): readonly { readonly agent: string; readonly ref: string }[] {
  return Object.entries(config?.agents ?? {}).flatMap(([agent, { model }]) => {
    const ref = model ?? config?.models.default;
    return ref === undefined ? [] : [{ agent, ref }];
  });
}

export const modelChecks: readonly Check[] = [
  {
    id: 'model-unknown',
    severity: 'medium',
    why: 'The agent cannot answer.',
    fix: 'Add the provider with `copaw models add`, or choose another with `copaw models set`.',
    look: (facts) =>
      references(facts)
        .filter(({ ref }) => !ref.startsWith('offline/') && !providers(facts).some(([id]) => ref.startsWith(`${id}/`)))
        .map(({ agent, ref }) => ({ what: `There is no provider for "${ref}".`, where: `agents.${agent}` })),
  },
  {
    id: 'model-weak-with-tools',
    severity: 'medium',
    why: 'Small and old models do what a web page or a file tells them more easily.',
    fix: 'Use a capable current model where tools or strangers’ text are involved.',
    look: (facts) =>
      references(facts)
        .filter(({ ref }) => weak.test(ref))
        .map(({ agent, ref }) => ({ what: `${ref} looks like a small or an old model, and has tools.`, where: `agents.${agent}` })),
  },
  {
    id: 'provider-not-encrypted',
    severity: 'high',
    why: 'Everything the model reads, and the key, can be read on the way.',
    fix: 'Use https, or a tunnel to a loopback port.',
    look: (facts) =>
      providers(facts).flatMap(([id, { baseUrl }]) => {
        const url = baseUrl === undefined ? undefined : URL.parse(baseUrl);
        return when(
          url?.protocol === 'http:' && !loopbackHost.test(url.hostname),
          `${url?.host} is reached without encryption.`,
          `models.providers.${id}.baseUrl`,
        );
      }),
  },
  {
    id: 'provider-key-in-headers',
    severity: 'high',
    why: 'config.json is plain text; keys belong in the encrypted vault.',
    fix: 'Give the key with `copaw models add --key-stdin`, and remove the header.',
    look: (facts) =>
      providers(facts).flatMap(([id, { headers }]) =>
        Object.entries(headers)
          .filter(([name, value]) => credentialHeader.test(name) || secretShapes.some(({ pattern }) => pattern.test(value)))
          .map(([name]) => ({ what: `The header ${name} looks like a credential.`, where: `models.providers.${id}.headers.${name}` })),
      ),
  },
  {
    id: 'provider-key-in-address',
    severity: 'high',
    why: 'Addresses end up in logs of every machine on the way, and config.json is plain text.',
    fix: 'Give the key with `copaw models add --key-stdin`, and take it out of the address.',
    look: (facts) =>
      providers(facts).flatMap(([id, { baseUrl }]) => {
        const url = baseUrl === undefined ? undefined : URL.parse(baseUrl);
        const named = [...(url?.searchParams.keys() ?? [])].some((name) => /key|token|secret|password|auth|sig/iu.test(name));
        return when(
          url !== undefined && url !== null && (named || url.username !== '' || url.password !== ''),
          'The address holds a credential.',
          `models.providers.${id}.baseUrl`,
        );
      }),
  },
  {
    id: 'provider-key-missing',
    severity: 'low',
    why: 'The provider will refuse every request.',
    fix: 'Set the variable for CoPaw, or add the provider again with its key.',
    look: (facts) =>
      providers(facts).flatMap(([id, { key }]) => {
        if (key === undefined) return [];
        const there = 'env' in key ? facts.isSet(key.env) : facts.secrets.some(({ name }) => name === key.vault);
        return when(!there, 'env' in key ? `The variable ${key.env} is not set.` : `The vault holds no "${key.vault}".`, `models.providers.${id}.key`);
      }),
  },
];
