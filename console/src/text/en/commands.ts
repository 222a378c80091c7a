// Words about the commands of a conversation.

export const commands = {
  list: 'Commands',
  legend: '[ ] may be left out · | one of these',
  keys: '↑ ↓ choose · Tab or Enter takes · Esc closes',
  while: 'Enter sends · /queue before it: say it afterwards · /stop ends all that runs here',
  unknown: (name: string) => `There is no command /${name}: this goes to the agent as a message. /help lists what there is.`,
  undone: 'Taken back',
};
