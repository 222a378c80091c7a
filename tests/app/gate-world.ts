// The path of a message over the real gateway, agent, gate and hands, for what cannot be put into a whole app: a gate that hangs, a yes that is mixed up.

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContextParts } from '../../src/agent/context-parts.ts';
import { createConversationLog } from '../../src/agent/conversation-log.ts';
import { DaySpending } from '../../src/agent/day-spending.ts';
import type { AgentParts } from '../../src/agent/parts.ts';
import { SystemPrompts } from '../../src/agent/prompt.ts';
import { createTaint } from '../../src/agent/taint.ts';
import { createVersionKeeper } from '../../src/agent/version-keeper.ts';
import { builtinTools } from '../../src/builtins.ts';
import { configSchema, uploadLimits } from '../../src/core/config.ts';
import type { PolicyGate } from '../../src/core/policy.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Store } from '../../src/core/store.ts';
import type { PlacedEvent } from '../../src/core/turn-event.ts';
import { Approvals } from '../../src/gateway/approvals.ts';
import { Delivery } from '../../src/gateway/deliver.ts';
import { Gateway } from '../../src/gateway/gateway.ts';
import { createOperator } from '../../src/gateway/operator.ts';
import { TurnBus } from '../../src/gateway/turn-bus.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createIds } from '../../src/lib/ids.ts';
import { createMemory } from '../../src/memory/memory.ts';
import { planWarnings } from '../../src/review/plan-warnings.ts';
import { createAdmit } from '../../src/security/admit.ts';
import { createAudit } from '../../src/security/audit.ts';
import { createEgress } from '../../src/security/egress.ts';
import { hashFile, resolveExecutable } from '../../src/security/executables.ts';
import { createGate } from '../../src/security/gate.ts';
import { createHands } from '../../src/security/hands.ts';
import { createProcessDoor, probeSandbox } from '../../src/security/process.ts';
import { createFiles } from '../../src/security/workspace-files.ts';
import { createKeyFiles } from '../../src/store/key-file.ts';
import { createMediaFiles } from '../../src/store/media-files.ts';
import { openStore } from '../../src/store/open-store.ts';
import { gatewayDefaults } from '../../src/testing/gateway-parts.ts';
import { memoryParts } from '../../src/testing/memory-parts.ts';
import { aboutSaid } from './about-said.ts';
import { createScriptedModel } from './scripted-model.ts';

export interface GateWorldOptions {
  readonly clock: Clock;
  /** What the gate reads of the store, in place of the real one. */
  readonly gateStore?: (store: Store) => Pick<Store, 'approvals' | 'grants'>;
  readonly wrapGate?: (gate: PolicyGate) => PolicyGate;
  readonly wrapAsk?: (ask: AgentParts['ask']) => AgentParts['ask'];
}

export async function openGateWorld({ clock, gateStore = (store) => store, wrapGate = (gate) => gate, wrapAsk = (ask) => ask }: GateWorldOptions) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'copaw-gate-')));
  const workspace = join(folder, 'workspaces/main');
  mkdirSync(workspace, { recursive: true });
  const store = await openStore(join(folder, 'copaw.db'));
  const ids = createIds(clock.now);
  const config = configSchema.parse({});
  const hostPath = process.env.PATH ?? '';
  const sandbox = await probeSandbox();
  const door = createProcessDoor({ sandbox, clock, ids, limits: { memoryMb: 256, processes: 64, outputBytes: 10_000 }, hostPath, proxy: () => '' });
  const files = createFiles({ root: workspace, trash: join(folder, 'trash'), clock, ids });
  const memory = createMemory(memoryParts(store, () => files, clock));
  const audit = createAudit({ store: store.audit, keys: createKeyFiles(join(folder, 'secret')), clock, redact: (text) => text });
  const gate = createGate({
    lend: async (name) => ({ name, value: new Secret('lent') }),
    ...{ config: () => config, store: gateStore(store), audit, ids, clock, sandbox: () => sandbox.kind, warnings: planWarnings },
    executables: async (argv, cwd) => [resolveExecutable(argv[0] ?? '', hostPath, workspace, cwd)].filter((one) => one !== undefined),
  });
  const bus = await TurnBus.open(store, clock, (text) => text);
  const approvals = new Approvals({ store: store.approvals, clock, ids, minutes: () => 30 });
  const model = createScriptedModel();
  const spending = new DaySpending(store.usage);
  const refuse = (): never => {
    throw new Error('no reminders here');
  };
  const taint = createTaint({ store, files: () => files, clock });
  const agent: AgentParts = {
    ...{ store, clock, prompts: new SystemPrompts(), spending },
    ...createContextParts({ store, clock }),
    model: () => ({ ref: 'fake/model', provider: model.provider, info: { id: 'model' } }),
    tools: new Map(builtinTools.map((tool) => [tool.name, tool])),
    gate: wrapGate(gate),
    ask: wrapAsk((turn, asked, io) => approvals.ask(turn, asked, io)),
    hands: createHands({
      lend: async (name) => ({ name, value: new Secret('lent') }),
      files: () => files,
      workspace: () => workspace,
      folders: () => ({ readOnly: [], writable: [] }),
      process: door,
      egress: createEgress({ clock }),
      memory,
      log: ({ place }) => createConversationLog({ store, about: aboutSaid(store) }, place.sessionId, place.turnId),
      sessions: refuse,
      remind: refuse,
      startedBy: new Map(),
      hash: (path) => hashFile(path),
    }),
    taint,
    versions: createVersionKeeper({ store, files: () => files, taint, clock, keep: () => config.undo }),
    audit: (kind, detail) => audit.append(kind, detail),
    redact: (text) => text,
    log: () => undefined,
    memoryDigest: async () => '',
    hearing: () => undefined,
    seesMemory: () => true,
    files: () => files,
    settings: () => ({ stepLimit: 6, turnTokens: 1_000, dayTokens: 100_000, dayCost: 1, timezone: 'UTC' }),
    sandboxed: () => sandbox.kind !== 'none',
  };
  const faults: unknown[] = [];
  const delivery = new Delivery({ store: store.outbox, clock, channel: () => undefined });
  const common = { store, bus, ids, agentId: () => 'main' };
  const nothingSent = async () => ({ echo: false, toUs: false });
  const strangers = { turnAway: async () => undefined, answerApproval: async () => '' };
  const gateway = new Gateway({
    ...gatewayDefaults(store, agent),
    ...{ ...common, agent, delivery, ...strangers, admit: createAdmit({ audit, clock, channels: () => ({}), facts: nothingSent }), parallelTurns: () => 4 },
    onFault: (error) => faults.push(error),
  });
  const shown = {
    version: '0',
    redact: (text: string) => text,
    today: () => spending.today(clock.now(), 'UTC'),
    model: agent.model,
    window: agent.modelWindows.of.bind(agent.modelWindows),
    media: createMediaFiles({ folder: join(folder, 'media'), clock, ids, limits: () => uploadLimits(config) }),
    files: () => files,
    sandbox: () => sandbox.kind,
    channels: () => ({}),
    connections: () => [],
    startedAt: 0,
    timezone: () => 'UTC',
  };
  const operator = createOperator({ ...common, ...shown, gateway, approvals, clock });
  return {
    ...{ workspace, model, operator, audit, faults },
    /** One turn; `onEvent` may answer. */
    async ask(sessionId: string, onEvent: (event: PlacedEvent) => unknown = () => undefined): Promise<readonly PlacedEvent[]> {
      const { turnId } = await operator.submit({ channel: 'cli', sessionId, text: 'do it' });
      const events: PlacedEvent[] = [];
      for await (const event of operator.events({ turnId, after: '0' }, new AbortController().signal)) {
        events.push(event);
        await onEvent(event);
      }
      return events;
    },
    async close() {
      await gateway.suspend();
      await delivery.stop();
      await door.stopAll();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
