// Words about the commands of a conversation.

const en = {
  list: 'Commands',
  legend: '[ ] may be left out · | one of these',
  keys: '↑ ↓ choose · Tab or Enter takes · Esc closes',
  while: 'Enter sends · /queue before it: say it afterwards · /stop ends all that runs here',
  undone: 'Taken back',
};

const zh: typeof en = {
  list: '命令',
  legend: '[ ] 可省略 · | 任选其一',
  keys: '↑ ↓ 选择 · Tab 或 Enter 选用 · Esc 关闭',
  while: 'Enter 发送 · 前面加 /queue：稍后再说 · /stop 停止这里的一切',
  undone: '已撤回',
};

export const commandTexts = { en, zh };
