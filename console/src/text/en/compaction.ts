// Words about what was summed up in a conversation.

export const compaction = {
  line: (before: number, after: number) => `Compacted ${before} → ${after} messages`,
  tokens: (before: string, after: string) => `about ${before} → ${after} tokens`,
  asked: 'you asked for it',
  window: 'the next request would not fit the model well',
  overflow: 'the provider refused a request of this length',
  fallback: 'The summary was written by code: no model wrote one that was good enough.',
  model: (ref: string) => `The summary was written by ${ref}.`,
  focus: (text: string) => `Most room for: ${text}`,
  kept: 'Nothing is deleted: the messages stay in this conversation, and the agent can look them up.',
  details: 'What the model reads instead',
  goal: 'Goal',
  lists: {
    constraints: 'Constraints',
    done: 'Done',
    doing: 'Being done',
    blocked: 'Blocked',
    decisions: 'Decided',
    next: 'Next',
    promises: 'Open promises',
    facts: 'Also known',
  },
  quotes: (count: number) => `Word for word (${count})`,
  undo: 'Take back',
  undone: 'Taken back: the model sees the messages themselves again, as long as they fit.',
};
