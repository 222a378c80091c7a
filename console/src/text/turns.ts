// Words of what can be done with a message and its turn.

const en = {
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

const zh: typeof en = {
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

export const turnTexts = { en, zh };
