// What a gateway needs beside what a test looks at: commands over its store, English words, no background commands, an hour for a turn.
import { contextOf } from '../agent/context-of.ts';
import type { AgentParts } from '../agent/parts.ts';
import type { Store } from '../core/store.ts';
import type { GatewayParts } from '../gateway/gateway-parts.ts';
import { createComposer } from '../gateway/outgoing.ts';
import { words } from '../gateway/words.ts';

const plainLimits = { dialect: 'plain', textLength: 4_000, media: false, edit: false, choices: false, threads: false } as const;

export function gatewayDefaults(
  store: Store,
  agent: AgentParts,
): Pick<
  GatewayParts,
  'commands' | 'composer' | 'words' | 'operates' | 'keepFiles' | 'mergeMs' | 'welcome' | 'linked' | 'showTurn' | 'showTyping' | 'stopCommands' | 'turnMinutes'
> {
  let kept = 0;
  return {
    commands: {
      store,
      version: '0',
      newSessionId: () => `kept_${++kept}`,
      language: () => 'en',
      model: agent.model,
      modelRefs: () => [],
      sandbox: () => 'none',
      today: () => agent.spending.today(agent.clock.now(), 'UTC'),
      forget: (sessionId) => agent.windows.forget(sessionId),
      context: (sessionId, model) => contextOf(agent, sessionId, model),
      undoFiles: async () => undefined,
    },
    composer: createComposer({
      ...{ limits: () => plainLimits, files: agent.files, words: () => words('en'), grows: () => false, redact: agent.redact },
      mark: agent.taint.mark,
      onFault: (error) => {
        throw error;
      },
    }),
    words: () => words('en'),
    operates: () => false,
    showTurn: () => () => undefined,
    showTyping: () => () => undefined,
    keepFiles: async (_envelope, message) => message,
    mergeMs: () => 0,
    linked: () => undefined,
    welcome: async () => undefined,
    stopCommands: async () => 0,
    turnMinutes: () => 60,
  };
}
