// The agents for the operator: what each is told of itself, which model answers, and changing that.
import type { AgentReport, AgentsAdmin, PersonaFile } from '../core/agents.ts';
import { type Config, type ConfigChange, type ConfigSource, defaultAgent, sandboxOf } from '../core/config.ts';
import { CoPawError, toCoPawError } from '../core/error.ts';
import type { Files } from '../core/files.ts';
import type { ReadyModel } from '../core/model.ts';
import type { PermissionTable } from '../core/permissions.ts';
import type { TextPages } from '../core/text-page.ts';
import { mostPerFile, personaOf } from './prompt.ts';

export interface AgentsAdminParts {
  readonly config: ConfigSource;
  readonly files: (agentId: string) => Files;
  readonly pages: TextPages;
  readonly resolve: (agentId: string) => ReadyModel;
  readonly sandbox: PermissionTable['sandbox'];
  readonly audit: (kind: string, detail: Readonly<Record<string, string>>) => Promise<unknown>;
  /** For the audit. */
  readonly by: string;
}

const kinds = ['private', 'shared', 'group'] as const;

export function createAgentsAdmin({ config, files, pages, resolve, sandbox, audit, by }: AgentsAdminParts): AgentsAdmin {
  const modelsOf = ({ models }: Config): readonly string[] =>
    Object.entries(models.providers).flatMap(([id, provider]) => provider.models.map((model) => `${id}/${model.id}`));
  const known = (id: string): Config['agents'][string] => {
    const { agents } = config.current();
    const first = defaultAgent(config.current());
    const agent = first.id === id ? first.agent : Object.hasOwn(agents, id) ? agents[id] : undefined;
    if (!agent) throw new CoPawError('not-found', `There is no agent ${id}.`, { next: `There are: ${Object.keys(agents).join(', ')}.` });
    return agent;
  };
  const fileOf = async (id: string, path: string): Promise<PersonaFile> => {
    const info = await files(id).stat(path);
    const seenBy = kinds.filter((kind) => personaOf(kind).includes(path));
    if (info?.kind !== 'file') return { path, seenBy, cut: false };
    const cut = info.size > mostPerFile && (await files(id).readText(path)).trim().length > mostPerFile;
    return { path, bytes: info.size, modifiedAt: info.modifiedAt, seenBy, cut };
  };
  const report = async (id: string): Promise<AgentReport> => {
    const agent = known(id);
    const ownModel = agent.model;
    return {
      ...{ id, name: agent.name, isDefault: defaultAgent(config.current()).id === id },
      ...modelOf(() => resolve(id), ownModel ?? config.current().models.default ?? ''),
      ...(ownModel === undefined ? {} : { ownModel }),
      files: await Promise.all(personaOf('private').map((path) => fileOf(id, path))),
      sandbox: { ...sandbox, ...sandboxOf(config.current(), id) },
    };
  };
  const persona = (id: string, path: string): void => {
    known(id);
    if (!personaOf('private').includes(path))
      throw new CoPawError('path-refused', `${path} is not a file that a prompt is made from.`, { next: `They are: ${personaOf('private').join(', ')}.` });
  };
  return {
    async list() {
      const ids = new Set([defaultAgent(config.current()).id, ...Object.keys(config.current().agents)]);
      return { agents: await Promise.all([...ids].map(report)), models: modelsOf(config.current()) };
    },
    async change(id, { name, model }) {
      known(id);
      if (typeof model === 'string' && !modelsOf(config.current()).includes(model))
        throw new CoPawError('invalid', `There is no model "${model}".`, { next: 'See what there is with `copaw models list`.' });
      const changes: ConfigChange[] = [
        ...(name === undefined ? [] : [{ path: ['agents', id, 'name'], value: name }]),
        ...(model === undefined ? [] : [{ path: ['agents', id, 'model'], value: model ?? undefined }]),
      ];
      if (changes.length > 0) await config.commit(by, changes);
      return report(id);
    },
    async show(id, path) {
      persona(id, path);
      return pages.show(id, path);
    },
    async save(id, draft) {
      persona(id, draft.path);
      const saved = await pages.save(id, draft);
      await audit('persona-save', { actor: by, agentId: id, path: draft.path });
      return saved;
    },
  };
}

/** The name alone where it cannot answer. */
function modelOf(resolve: () => ReadyModel, wanted: string): Pick<AgentReport, 'model' | 'modelProblem'> {
  try {
    return { model: resolve().ref };
  } catch (error) {
    return { model: wanted, modelProblem: toCoPawError(error).message };
  }
}
