// Words of a file that is read and changed as a text.
import { useWords } from '../settings.tsx';

const en = {
  edit: 'Edit',
  create: 'Write it',
  absent: 'There is no such file yet.',
  preview: 'Preview',
  save: 'Save',
  saved: 'Saved.',
  content: (path: string) => `Content of ${path}`,
  secret: 'This file holds the value of a secret, which is not shown. Change it with an editor.',
  encoding: 'This file is not UTF-8 text. Change it with an editor.',
  tainted: 'This file holds words of strangers: a conversation that reads it is marked.',
  again: 'Read it again',
  leave: 'Leave it as it was',
  theirs: 'What the file holds now. What you typed is still above.',
  over: 'Save mine in its place',
  undoSave: 'Take the change back',
  back: 'It is back as it was.',
  notBack: 'It was changed since and was left alone.',
};

const zh: typeof en = {
  edit: '编辑',
  create: '新建',
  absent: '还没有此文件。',
  preview: '预览',
  save: '保存',
  saved: '已保存。',
  content: (path) => `${path} 的内容`,
  secret: '此文件含有密钥的值，不予显示。请用编辑器修改。',
  encoding: '此文件不是 UTF-8 文本。请用编辑器修改。',
  tainted: '此文件含有陌生人的话：读取它的会话会被标记。',
  again: '重新读取',
  leave: '保持原样',
  theirs: '文件现在的内容。您输入的内容仍在上方。',
  over: '用我的内容覆盖',
  undoSave: '撤回更改',
  back: '已恢复原样。',
  notBack: '此后它又被更改，因此未动。',
};

export const useTextFileWords = (): typeof en => useWords({ en, zh });
