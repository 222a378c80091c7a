// Words of what can be done with a message and its turn, in Chinese.
import type { turns as en } from '../en/turns.ts';

export const turns: typeof en = {
  edit: '编辑',
  beforeUnknown: '无法加载此消息之前的内容，因此没有执行任何操作。请重试。',
  editFiles: (turns) =>
    turns === 1 ? '回答此消息或其后的一轮改动了文件。新会话不含这些轮次；文件怎么办？' : `从这里起有 ${turns} 轮改动了文件。新会话不含这些轮次；文件怎么办？`,
  keepFiles: '保持现状',
  undoFiles: '恢复到之前的内容',
  leftAlone: '以下文件未改动：',
  goOn: '前往新会话',
  againFiles: '重新回答并恢复文件',
};
