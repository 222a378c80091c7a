// Which model answers for an agent: its own, else the default, else the offline model.
import { type Config, modelOf, offlineRef, type ProviderConfig } from '../core/config.ts';
import type { ModelProvider, ReadyModel } from '../core/model.ts';

/** `asked`: the model a conversation was given. Throws `model-missing` when it, or config, names a provider that is not there. */
export function createModelResolver(parts: {
  readonly config: () => Config;
  readonly provider: (id: string, config: ProviderConfig) => ModelProvider;
  readonly offline: ModelProvider;
}): (agentId: string, asked?: string) => ReadyModel {
  const made = new WeakMap<ProviderConfig, ModelProvider>();
  return (agentId, asked) => {
    const config = parts.config();
    const ref = asked ?? config.agents[agentId]?.model ?? config.models.default ?? offlineRef;
    const named = modelOf(config, ref);
    if (!named) return { ref, provider: parts.offline, info: { id: 'copaw', images: false, tools: true } };
    const { id, model, provider: found } = named;
    const provider = made.get(found) ?? parts.provider(id, found);
    made.set(found, provider);
    const known = found.models.find((entry) => entry.id === model);
    return {
      ref,
      provider,
      info: {
        id: model,
        ...(known?.contextTokens === undefined ? {} : { contextTokens: known.contextTokens }),
        ...(known?.images === undefined ? {} : { images: known.images }),
        ...(known?.price === undefined
          ? {}
          : {
              price: {
                input: known.price.input,
                output: known.price.output,
                ...(known.price.cachedInput === undefined ? {} : { cachedInput: known.price.cachedInput }),
                ...(known.price.minute === undefined ? {} : { minute: known.price.minute }),
              },
            }),
      },
    };
  };
}
