// The shape of config.json. Defaults are safe; unknown keys are kept and warned about; src/config loads and edits it.
import { z } from 'zod';

export const providerKinds = ['openai-compatible', 'openai', 'anthropic', 'google'] as const;

const secretRef = z
  .union([z.object({ vault: z.string() }), z.object({ env: z.string() })])
  .describe('Where the key is: a name in the vault, or an environment variable.');

const price = z.object({ input: z.number().nonnegative(), cachedInput: z.number().nonnegative().optional(), output: z.number().nonnegative() });

export const providerConfig = z.looseObject({
  kind: z.enum(providerKinds).describe('The wire format it speaks.'),
  baseUrl: z.url().optional().describe('With or without /v1. Required for openai-compatible.'),
  key: secretRef.optional(),
  headers: z.record(z.string(), z.string()).default({}).describe('Extra headers, for example for a proxy. Not for keys.'),
  models: z
    .array(
      z.looseObject({
        id: z.string().min(1),
        contextTokens: z.int().positive().optional(),
        images: z.boolean().optional(),
        price: price.optional().describe('US dollars per million tokens.'),
      }),
    )
    .default([]),
});

const verdict = z.enum(['allow', 'ask', 'deny']);
const rule = z.looseObject({
  origin: z.enum(['operator', 'direct', 'group', 'unattended']).optional(),
  tool: z.string().optional().describe('Tool name; absent: every tool.'),
  effect: z.string().optional().describe('Effect row of the verdict table, for example "run-network".'),
  verdict,
});

export const configSchema = z.looseObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1).describe('Layout version of this file.'),
  timezone: z.string().default('UTC').describe('IANA time zone of the operator.'),
  language: z.enum(['en', 'zh']).default('en').describe('Language of persona files and notices.'),
  server: z
    .looseObject({
      host: z.string().default('127.0.0.1').describe('Address to listen on. Anything but loopback is announced at start.'),
      port: z.int().min(0).max(65535).default(8088),
      hosts: z.array(z.string()).default([]).describe('More host names the console may be reached by.'),
    })
    .prefault({}),
  models: z
    .looseObject({
      default: z.string().optional().describe('"provider/model" that answers. Absent: the built-in offline model.'),
      providers: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/), providerConfig).default({}),
      firstTokenSeconds: z.number().positive().default(30).describe('Give up on a model that says nothing for so long.'),
      retries: z.int().min(0).max(10).default(3),
    })
    .prefault({}),
  agents: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/),
      z.looseObject({
        name: z.string().default('CoPaw'),
        model: z.string().optional().describe('"provider/model"; absent: models.default.'),
        stepLimit: z.int().min(1).max(500).default(50),
        rules: z.array(rule).default([]).describe('Stricter verdicts for this agent; deny beats ask beats allow.'),
        knownHosts: z.array(z.string()).default([]).describe('Hosts whose pages may be fetched without asking.'),
      }),
    )
    .default({ main: { name: 'CoPaw', stepLimit: 50, rules: [], knownHosts: [] } }),
  limits: z
    .looseObject({
      turnTokens: z.int().positive().default(500_000).describe('Tokens one turn may use before it stops with a notice.'),
      dayTokens: z.int().positive().default(5_000_000),
      dayCost: z.number().positive().default(10).describe('US dollars a day, where prices are known.'),
      parallelTurns: z.int().min(1).max(64).default(8),
      approvalMinutes: z.number().positive().default(30).describe('An unanswered approval is a no after this.'),
    })
    .prefault({}),
  sandbox: z
    .looseObject({
      mode: z.enum(['auto', 'required']).default('auto').describe('auto: without a sandbox every command asks. required: it is refused.'),
      readOnly: z.array(z.string()).default([]).describe('More absolute directories commands may read, for example a toolchain.'),
      memoryMb: z.int().min(64).default(2048),
      processes: z.int().min(8).default(256),
    })
    .prefault({}),
  rules: z.array(rule).default([]).describe('Stricter verdicts for every agent.'),
});

export type Config = z.output<typeof configSchema>;
export type ProviderConfig = z.output<typeof providerConfig>;
export type PolicyRule = z.output<typeof rule>;

/** The agent that answers where nothing else is said: the first one. */
export function defaultAgent(config: Config): { readonly id: string; readonly agent: Config['agents'][string] } {
  const [id, agent] = Object.entries(config.agents)[0] ?? [];
  return id !== undefined && agent !== undefined ? { id, agent } : { id: 'main', agent: { name: 'CoPaw', stepLimit: 50, rules: [], knownHosts: [] } };
}

/** One change to config.json: a path of keys and its new value; `undefined` removes the key. */
export interface ConfigChange {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The live configuration. Reading is free; writing goes through the `commitConfig` door. */
export interface ConfigSource {
  /** The last valid configuration. */
  current(): Config;
  /** Validates, keeps comments and unknown keys, writes atomically, keeps the last good version. `actor` is for the audit. */
  commit(actor: string, changes: readonly ConfigChange[]): Promise<Config>;
}
