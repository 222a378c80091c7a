// Words about the commands of a conversation.

export const commands = {
  list: 'Commands',
  legend: '[ ] may be left out · | one of these',
  keys: '↑ ↓ choose · Tab or Enter takes · Esc closes',
  while: 'Enter sends · /queue before it: say it afterwards · /stop ends all that runs here',
  undone: 'Taken back',
};
