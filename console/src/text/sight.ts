// Words of the line that says what a conversation sees.
import type { MemorySightBody } from '../../../src/http/contract.ts';

type Why = Extract<MemorySightBody['why'], string>;

const en = {
  canSee: 'This conversation can see:',
  memory: { allow: 'your memory', ask: 'your memory after your yes', deny: 'no private memory' },
  fileSight: { allow: 'files', ask: 'files after your yes', deny: 'no files', own: 'files of the group alone' },
  why: { operator: 'you alone speak here', direct: 'a sender you allowed', group: 'a group', unattended: 'nobody attends' } satisfies Record<Why, string>,
  rule: (at: string) => `by ${at} in config.json`,
};

const zh: typeof en = {
  canSee: '此对话可以看到：',
  memory: { allow: '您的记忆', ask: '您同意后的记忆', deny: '没有私人记忆' },
  fileSight: { allow: '文件', ask: '您同意后的文件', deny: '没有文件', own: '仅限群组自己的文件' },
  why: { operator: '只有您在此说话', direct: '您允许的发送者', group: '群组', unattended: '无人值守' },
  rule: (at) => `根据 config.json 中的 ${at}`,
};

export const sightTexts = { en, zh };
