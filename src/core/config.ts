// The shape of config.json. Defaults are safe; unknown keys are kept and warned about; src/config loads and edits it.
import { z } from 'zod';
import { origins } from './address.ts';
import { agentRoute } from './agent-routes.ts';
import { channelsConfig } from './channel-config.ts';
import { CoPawError } from './error.ts';
import { identitiesConfig } from './identities.ts';
import { listedHost } from './listed-host.ts';
import type { UploadLimits } from './media.ts';
import { isTimezone } from './timezone.ts';
import type { CommandNetwork } from './tool.ts';

export const providerKinds = ['openai-compatible', 'openai', 'anthropic', 'google'] as const;

const secretRef = z
  .union([z.object({ vault: z.string() }), z.object({ env: z.string() })])
  .describe('Where the key is: a name in the vault, or an environment variable.');

const price = z.object({
  input: z.number().nonnegative(),
  cachedInput: z.number().nonnegative().optional().describe('Of input that the provider has kept. Absent: as input.'),
  output: z.number().nonnegative(),
  minute: z.number().nonnegative().optional().describe('US dollars a minute of sound, where the provider counts speech so.'),
});

/** In the JSON Schema: a change of this key waits for the next start. */
const atStart = { restart: true };

export const providerConfig = z.looseObject({
  kind: z.enum(providerKinds).describe('The wire format it speaks.'),
  baseUrl: z.url().optional().describe('With or without /v1. Required for openai-compatible.'),
  key: secretRef.optional(),
  headers: z.record(z.string(), z.string()).default({}).describe('Extra headers, for example for a proxy. Not for keys.'),
  models: z
    .array(
      z.looseObject({
        id: z.string().min(1).describe("The provider's own name of the model."),
        contextTokens: z.int().positive().optional().describe('How much it can be shown at once. Absent: what the provider says.'),
        images: z.boolean().optional().describe('It can look at pictures.'),
        price: price.optional().describe('US dollars per million tokens.'),
      }),
    )
    .default([]),
});

const verdict = z.enum(['allow', 'ask', 'deny']);
export const policyRule = z.looseObject({
  origin: z.enum(origins).optional().describe('Only for messages from there; absent: from everywhere.'),
  tool: z.string().optional().describe('Tool name; absent: every tool.'),
  effect: z.string().optional().describe('Effect row of the verdict table, for example "run-network".'),
  channel: z.string().min(1).optional().describe('Only for conversations on this kind of channel, for example "console".'),
  account: z.string().min(1).optional().describe('Only for this account of a channel.'),
  verdict: verdict.describe('A rule can only make a verdict stricter.'),
});

/** The agent of a configuration that names none. */
const firstAgent = { name: 'CoPaw', stepLimit: 50, rules: [], knownHosts: [] };

const directories = z.array(z.string());
const days = z.int().min(0).max(36_500);
const commandNetwork = z
  .looseObject({
    hosts: z.array(listedHost).default([]).describe('Names commands may reach on ports 80 and 443: "example.org", "*.example.org", "example.org:8443".'),
    privateHosts: z.array(listedHost).default([]).describe('Names, written out, that may also lead to addresses of this machine or its network.'),
    unasked: z.boolean().default(false).describe('Such commands run without asking, except once a session has read the words of strangers.'),
  })
  .describe('The only hosts a sandboxed command with network reaches; absent: all of them.');

/** What the operator calls a provider or an agent. */
const ownName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'Name it with at most 32 small letters, digits and dashes, with no dash in front.');

export const configSchema = z.looseObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1).describe('Layout version of this file.'),
  timezone: z
    .string()
    .refine(isTimezone, 'It is no IANA time zone: name one like Europe/Berlin or Asia/Shanghai.')
    .default('UTC')
    .describe('IANA time zone of the operator.'),
  language: z.enum(['en', 'zh']).default('en').describe('Language of persona files and notices.'),
  server: z
    .looseObject({
      host: z.string().default('127.0.0.1').describe('Address to listen on. Anything but loopback is announced at start.').meta(atStart),
      port: z.int().min(0).max(65535).default(8088).describe('Port of the console and the API; 0 takes a free one.').meta(atStart),
      hosts: z.array(z.string()).default([]).describe('More host names the console may be reached by.'),
    })
    .prefault({}),
  models: z
    .looseObject({
      default: z.string().optional().describe('"provider/model" that answers. Absent: the built-in offline model.'),
      compaction: z.string().optional().describe('"provider/model" that sums up long conversations. Absent: the one that answers.'),
      providers: z.record(ownName, providerConfig).default({}),
      firstTokenSeconds: z.number().positive().default(30).describe('Give up on a model that says nothing for so long.'),
      retries: z.int().min(0).max(10).default(3).describe('How often a call that failed is tried again.'),
    })
    .prefault({}),
  agents: z
    .record(
      ownName,
      z.looseObject({
        name: z.string().default('CoPaw').describe('How the agent is called in the console and on the command line.'),
        model: z.string().optional().describe('"provider/model"; absent: models.default.'),
        stepLimit: z.int().min(1).max(500).default(50).describe('Model calls one turn may take.'),
        rules: z.array(policyRule).default([]).describe('Stricter verdicts for this agent; deny beats ask beats allow.'),
        knownHosts: z.array(z.string()).default([]).describe('Hosts whose pages may be fetched without asking.'),
        learning: z
          .looseObject({
            facts: z
              .boolean()
              .default(false)
              .describe('Once a conversation rests, a model is asked what of it should be remembered. See `copaw learning` for what that costs.'),
            dreams: z.boolean().default(false).describe('At night, where something new was noted, a model proposes a tidier MEMORY.md.'),
            hour: z.int().min(0).max(23).default(3).describe('Local hour of the night.'),
            model: z.string().optional().describe('"provider/model" that does it; absent: the one of the agent.'),
          })
          .optional(),
        sandbox: z
          .looseObject({
            readOnly: directories.optional().describe('Directories added to sandbox.readOnly for this agent.'),
            writable: directories.optional().describe('Directories added to sandbox.writable for this agent.'),
            network: commandNetwork.optional().describe("This agent's list in place of sandbox.network."),
          })
          .optional(),
      }),
    )
    .prefault({ main: {} }),
  limits: z
    .looseObject({
      turnTokens: z.int().positive().default(500_000).describe('Tokens one turn may use before it stops with a notice.'),
      dayTokens: z.int().positive().default(5_000_000).describe('Tokens all turns of a day may use.'),
      dayCost: z.number().positive().default(10).describe('US dollars a day, where prices are known.'),
      turnMinutes: z.number().positive().max(10_080).default(60).describe('A message whose turn takes longer is ended with a notice.'),
      parallelTurns: z.int().min(1).max(64).default(8).describe('Conversations that are answered at the same time.'),
      approvalMinutes: z.number().positive().default(30).describe('An unanswered approval is a no after this.'),
    })
    .prefault({}),
  memory: z
    .looseObject({
      embedding: z
        .looseObject({ model: z.string().min(3).describe('"provider/model" that makes vectors, for example "ollama/nomic-embed-text".') })
        .optional()
        .describe('Memory is also found by meaning. Each note is sent to that provider once, each search once. Absent: by words alone.'),
    })
    .prefault({}),
  transcription: z
    .looseObject({
      model: z.string().min(3).describe('"provider/model" that writes down what is said, for example "groq/whisper-large-v3-turbo".'),
      language: z
        .string()
        .regex(/^[a-z]{2,3}$/, 'Name it with two small letters, like de or zh.')
        .optional()
        .describe('What is spoken, for example "de". Absent: the model finds out.'),
      maxMinutes: z
        .number()
        .positive()
        .max(240)
        .default(15)
        .describe('Longer recordings are kept and not written down, where it can be seen how long they are.'),
      maxMegabytes: z.number().positive().max(200).default(25).describe('Nor are larger ones.'),
      timeoutSeconds: z.number().positive().max(1_800).default(120).describe('Give up on one after this.'),
    })
    .optional()
    .describe('Sound that comes with a message is written down: each file is sent to that provider once. Absent: it is kept as a file.'),
  routes: z
    .array(agentRoute)
    .default([])
    .describe('Which agent answers where, from the top; elsewhere the first one does. Counts for conversations that begin afterwards.'),
  identities: identitiesConfig.describe('The same person on several channels: their direct chats are one conversation. A link gives no right.'),
  channels: channelsConfig.describe('Chat channels: kind, then account. All are off until enabled.'),
  sandbox: z
    .looseObject({
      mode: z.enum(['auto', 'required']).default('auto').describe('auto: without a sandbox every command asks. required: it is refused.'),
      dangerouslyOff: z
        .boolean()
        .default(false)
        .describe('No sandbox even where there is one: every command asks, and runs with your rights. Needs a restart.')
        .meta(atStart),
      readOnly: directories.default([]).describe('More absolute directories commands may read, for example a toolchain.'),
      writable: directories.default([]).describe('More absolute directories commands may change, at the same path.'),
      network: commandNetwork.optional(),
      memoryMb: z.int().min(64).default(2048).describe('Memory of one command, in MiB.').meta(atStart),
      processes: z.int().min(8).default(256).describe('Processes of one command.').meta(atStart),
    })
    .prefault({}),
  audit: z
    .looseObject({
      days: z.number().positive().default(400).describe('The audit log keeps records this long.'),
      megabytes: z.number().positive().default(100).describe('And about as much; the oldest leave first, by whole segments.'),
    })
    .prefault({}),
  undo: z
    .looseObject({
      days: z.number().positive().default(30).describe('What files held before tools changed them is kept this long, for `copaw undo`.'),
      megabytes: z.number().nonnegative().default(500).describe('And at most as much, compressed; the oldest turns leave first. 0 keeps nothing.'),
    })
    .prefault({}),
  backups: z
    .looseObject({
      days: z
        .int()
        .min(0)
        .max(366)
        .default(7)
        .describe('A checked copy of the database is made once a day while something changes; the newest of so many days stay.'),
      weeks: z.int().min(0).max(520).default(4).describe('And the newest of so many weeks. 0 and 0: none is made by itself.'),
    })
    .prefault({}),
  retention: z
    .looseObject({
      outputDays: days.default(30).describe('Long results of tools, and answers sent as files, stay in .copaw/output of a workspace so long.'),
      trashDays: days.default(30).describe('What file tools deleted, and skills that were removed or replaced, stay in the trash so long.'),
      journalDays: days
        .default(90)
        .describe('Journal of turns, settled approvals, reminders that fired, and the words of ended messages outside their conversation.'),
      usageDays: days.default(400).describe('Tokens and cost of each model call.'),
    })
    .prefault({})
    .describe('What leaves by itself once it is old. Conversations stay until you delete them. 0: for ever.'),
  uploads: z
    .looseObject({
      fileMegabytes: z.number().positive().max(4_096).default(25).describe('One file that comes with a message may have so much.'),
      messageFiles: z.int().min(1).max(100).default(10).describe('Files of one message.'),
      waitingFiles: z.int().min(1).max(10_000).default(100).describe('Files that wait for their message at a time.'),
      waitingMegabytes: z.number().positive().default(500).describe('And what they may have together.'),
      waitingHours: z.number().positive().max(720).default(24).describe('A file that no message takes is gone after this.'),
    })
    .prefault({}),
  rules: z.array(policyRule).default([]).describe('Stricter verdicts for every agent.'),
});

export type Config = z.output<typeof configSchema>;
export type ProviderConfig = z.output<typeof providerConfig>;
export type Language = Config['language'];
export type PolicyRule = z.output<typeof policyRule>;

/** The built-in model, which needs no provider. */
export const offlineRef = 'offline/copaw';

/** What config.json says of a "provider/model"; undefined of the built-in one. Throws `model-missing` where it names no provider that is set up. */
export function modelOf(
  { models }: Pick<Config, 'models'>,
  ref: string,
): { readonly id: string; readonly provider: ProviderConfig; readonly model: string } | undefined {
  if (ref === offlineRef) return undefined;
  const slash = ref.indexOf('/');
  const id = slash < 0 ? ref : ref.slice(0, slash);
  const model = slash < 0 ? '' : ref.slice(slash + 1);
  const provider = Object.hasOwn(models.providers, id) ? models.providers[id] : undefined;
  if (provider && model !== '') return { id, provider, model };
  throw new CoPawError('model-missing', `There is no model "${ref}".`, { next: 'Choose another on the Models page, or add it with `copaw models add`.' });
}

/** The agent that answers where nothing else is said: the first one. */
export function defaultAgent(config: Config): { readonly id: string; readonly agent: Config['agents'][string] } {
  const [id, agent] = Object.entries(config.agents)[0] ?? [];
  return id !== undefined && agent !== undefined ? { id, agent } : { id: 'main', agent: firstAgent };
}

/** What the sandbox of one agent's commands holds beside the system and the workspace. */
export interface SandboxSettings {
  readonly readOnly: readonly string[];
  readonly writable: readonly string[];
  /** Absent: a command with network reaches everything. */
  readonly network?: CommandNetwork & { readonly unasked: boolean };
}

/** The settings in force for an agent: directories of both levels, the network list of the nearer one. */
export function sandboxOf({ sandbox, agents }: Pick<Config, 'sandbox' | 'agents'>, agentId: string): SandboxSettings {
  const own = agents[agentId]?.sandbox;
  const network = own?.network ?? sandbox.network;
  return {
    readOnly: [...sandbox.readOnly, ...(own?.readOnly ?? [])],
    writable: [...sandbox.writable, ...(own?.writable ?? [])],
    ...(network === undefined ? {} : { network }),
  };
}

/** The limits in force of files that come with messages. */
export function uploadLimits({ uploads }: Pick<Config, 'uploads'>): UploadLimits {
  const { fileMegabytes, messageFiles, waitingFiles, waitingMegabytes, waitingHours } = uploads;
  const bytes = (megabytes: number): number => Math.floor(megabytes * 1024 ** 2);
  return { fileBytes: bytes(fileMegabytes), messageFiles, waitingFiles, waitingBytes: bytes(waitingMegabytes), waitMs: waitingHours * 3_600_000 };
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
