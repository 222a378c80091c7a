// The boundaries of the journal: each commit that moves a message, a turn, an answer or a reminder names its own. The crash suite kills CoPaw before and after every one.

export const transitions = [
  'message-accepted',
  'message-refused',
  'message-changed',
  'message-joined',
  'turn-begun',
  'turn-resumed',
  'turn-tainted',
  'model-retried',
  'model-finished',
  'context-compacted',
  'tool-refused',
  'tool-started',
  'tool-finished',
  'tool-unknown',
  'approval-stored',
  'approval-asked',
  'approval-settled',
  'approval-answered',
  'turn-ended',
  'command-answered',
  'job-added',
  'job-fired',
  'notice-added',
  'part-sending',
  'part-sent',
  'part-pending',
  'part-unknown',
  'part-dead',
] as const;

export type Transition = (typeof transitions)[number];
