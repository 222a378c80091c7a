// Words of the line that says what a conversation sees, in Chinese.
import type { sight as en } from '../en/sight.ts';

export const sight: typeof en = {
  canSee: '此会话可以看到：',
  memory: { allow: '您的记忆', ask: '您同意后的记忆', deny: '没有私人记忆' },
  fileSight: { allow: '文件', ask: '您同意后的文件', deny: '没有文件', own: '仅限群组自己的文件' },
  why: { operator: '只有您在此说话', direct: '您允许的发送者', group: '群组', unattended: '无人值守' },
  rule: (at) => `根据 config.json 中的 ${at}`,
};
