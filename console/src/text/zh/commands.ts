// Words about the commands of a conversation, in Chinese.
import type { commands as en } from '../en/commands.ts';

export const commands: typeof en = {
  list: '命令',
  legend: '[ ] 可省略 · | 任选其一',
  keys: '↑ ↓ 选择 · Tab 或 Enter 选用 · Esc 关闭',
  while: 'Enter 发送 · 前面加 /queue：稍后再说 · /stop 停止这里的一切',
  unknown: (name) => `没有 /${name} 这个命令：这将作为消息发给智能体。/help 列出所有命令。`,
  undone: '已撤回',
};
