// Words of what can be done with a message and its turn.

export const turns = {
  edit: 'Edit',
  beforeUnknown: 'What came before this message could not be loaded, so nothing was done. Try again.',
  editFiles: (turns: number) =>
    turns === 1
      ? 'The turn that answered this or a later one changed files. The new conversation begins without it; what about the files?'
      : `${turns} turns from here on changed files. The new conversation begins without them; what about the files?`,
  keepFiles: 'Leave them as they are',
  undoFiles: 'Give them back what they held before',
  leftAlone: 'These files were left alone:',
  goOn: 'To the new conversation',
  againFiles: 'Answer again, with its file changes undone',
};
