// The commands of a conversation, in one table: what is routed, what help lists, what the console completes, what a platform's menu shows. None asks a model but `/compact`, which becomes a turn of its own.
import type { Language } from './config.ts';

/**
 * Whose it is. everyone: also any listed member of a group. own: whoever talks to CoPaw alone, and an operator in a group. operator: the
 * operator alone, never read out in a group.
 */
type Whose = 'everyone' | 'own' | 'operator';

export interface ChatCommand {
  readonly name: string;
  /** What may follow the name. */
  readonly takes?: Readonly<Record<Language, string>>;
  readonly whose: Whose;
  /** It waits until the conversation is at rest, and stops what runs in it. */
  readonly quiet?: boolean;
  readonly says: Readonly<Record<Language, string>>;
}

export const chatCommands = [
  { name: 'help', whose: 'everyone', says: { en: 'list these commands', zh: '列出这些命令' } },
  { name: 'new', whose: 'own', quiet: true, says: { en: 'begin a new conversation and keep the old one', zh: '开始新会话，保留旧会话' } },
  { name: 'clear', whose: 'own', quiet: true, says: { en: 'forget this conversation for good', zh: '永久删除此会话' } },
  { name: 'stop', whose: 'everyone', says: { en: 'stop everything that runs in this conversation', zh: '停止此会话中的一切' } },
  { name: 'status', whose: 'everyone', says: { en: 'what is going on', zh: '当前状态' } },
  {
    name: 'model',
    takes: { en: '[provider/model | default]', zh: '[提供方/模型 | default]' },
    whose: 'operator',
    says: { en: 'see or choose the model of this conversation', zh: '查看或选择此会话的模型' },
  },
  { name: 'history', whose: 'own', says: { en: 'the last messages of this conversation', zh: '此会话的最近消息' } },
  { name: 'undo', whose: 'operator', quiet: true, says: { en: 'take back the last turn and its changes of files', zh: '撤回上一轮及其文件改动' } },
  {
    name: 'queue',
    takes: { en: '[steer | queue | collect | interrupt | a message]', zh: '[steer | queue | collect | interrupt | 消息]' },
    whose: 'own',
    says: { en: 'what a message does that comes while I work; or say something for afterwards', zh: '设置工作时收到消息的处理方式；或排队一条消息' },
  },
  { name: 'steer', takes: { en: 'a message', zh: '消息' }, whose: 'everyone', says: { en: 'say something to the turn that runs', zh: '对正在进行的一轮说话' } },
  {
    name: 'approve',
    takes: { en: 'id [once | task | always]', zh: '编号 [once | task | always]' },
    whose: 'operator',
    says: { en: 'say yes to what I asked', zh: '同意我的请求' },
  },
  { name: 'deny', takes: { en: 'id', zh: '编号' }, whose: 'operator', says: { en: 'say no to what I asked', zh: '拒绝我的请求' } },
  {
    name: 'compact',
    takes: { en: '[what to keep in mind | undo]', zh: '[要记住的重点 | undo]' },
    whose: 'own',
    says: { en: 'sum up what was said so far, or take that back', zh: '总结此前的内容，或撤回总结' },
  },
  { name: 'usage', whose: 'operator', says: { en: 'tokens and cost of today and of this conversation', zh: '今天和此会话的用量与费用' } },
  { name: 'why', whose: 'operator', says: { en: 'how the last answer came about', zh: '上一个回答是怎么来的' } },
  { name: 'version', whose: 'everyone', says: { en: 'which CoPaw this is', zh: 'CoPaw 的版本' } },
] as const satisfies readonly ChatCommand[];

export type CommandName = (typeof chatCommands)[number]['name'];

/** The command of that name, exactly. */
export function chatCommand(name: string): (ChatCommand & { readonly name: CommandName }) | undefined {
  return chatCommands.find((command) => command.name === name);
}
