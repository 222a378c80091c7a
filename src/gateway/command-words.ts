// What chat commands answer, in the operator's language.
import type { Language } from '../core/config.ts';
import type { KnownWindow } from '../core/model.ts';
import type { QueueMode } from '../core/session.ts';
import type { UndoneFile } from '../core/undo.ts';
import { dollars } from '../lib/dollars.ts';

export interface CommandWords {
  readonly archived: string;
  readonly dropped: string;
  readonly nothingYet: string;
  readonly stopped: (commands: number) => string;
  readonly nothingRuns: string;
  readonly status: (facts: { model: string; sandbox: string; running: boolean; waiting: number; mode: QueueMode }) => string;
  readonly model: (ref: string, all: readonly string[]) => string;
  readonly modelSet: (ref: string) => string;
  readonly mode: (mode: QueueMode) => string;
  readonly usage: (what: 'today' | 'here', tokens: number, cost: number) => string;
  /** Share of what was read that came out of the provider's cache, 0 to 1. */
  readonly cached: (share: number) => string;
  readonly context: (facts: { tokens: number; window: KnownWindow }) => string;
  readonly noCompaction: string;
  readonly compactionUndone: (messages: number) => string;
  readonly you: string;
  readonly noUndo: string;
  readonly undone: string;
  readonly undoneFile: Readonly<Record<UndoneFile['result'], string>>;
  readonly commandsStay: string;
  readonly undoUndo: (undoId: string) => string;
}

const english: Readonly<Record<QueueMode, string>> = {
  steer: 'steer: a message that comes while I work joins what I do',
  queue: 'queue: each message waits for a turn of its own',
  collect: 'collect: what comes while I work shares the next turn',
  interrupt: 'interrupt: a new message stops what I do',
};
const chinese: Readonly<Record<QueueMode, string>> = {
  steer: 'steer：工作时收到的消息会并入当前这一轮',
  queue: 'queue：每条消息排队等待自己的一轮',
  collect: 'collect：工作时收到的消息合并到下一轮',
  interrupt: 'interrupt：新消息会停止当前这一轮',
};

const texts: Readonly<Record<Language, CommandWords>> = {
  en: {
    archived: 'A new conversation. The old one is kept.',
    dropped: 'This conversation is forgotten. Files and memory stay.',
    nothingYet: 'There is nothing yet.',
    stopped: (commands) =>
      commands === 0 ? 'Stopped.' : `Stopped, and ${commands === 1 ? 'a background command' : `${commands} background commands`} with it.`,
    nothingRuns: 'Nothing is running.',
    status: ({ model, sandbox, running, waiting, mode }) =>
      [
        `- ${running ? 'I am working on something here.' : 'I am at rest here.'}${waiting > 0 ? ` ${waiting} waiting.` : ''}`,
        `- Model: ${model}`,
        `- Sandbox: ${sandbox}`,
        `- ${english[mode]}`,
      ].join('\n'),
    model: (ref, all) => [`The model here is ${ref}.`, ...(all.length === 0 ? [] : [`Choose with "/model <name>": ${all.join(', ')}.`])].join(' '),
    modelSet: (ref) => `From now on ${ref} answers here.`,
    mode: (mode) => `${english[mode]}.`,
    usage: (what, tokens, cost) => `- ${what === 'today' ? 'Today' : 'This conversation'}: ${tokens} tokens, ${dollars(cost)}`,
    cached: (share) => `- Read from the provider's cache here: ${Math.round(share * 100)} % of the input`,
    context: ({ tokens, window }) => `- Context: about ${tokens} of ${window.tokens} tokens (${windowWords.en[window.source]})`,
    noCompaction: 'Nothing is compacted here.',
    compactionUndone: (messages) => `Taken back: I see the ${messages} messages themselves again, as long as they fit.`,
    you: 'You',
    noUndo: 'There is nothing to take back.',
    undone: 'The last turn is taken back.',
    undoneFile: { restored: 'restored', removed: 'moved to the trash', same: 'as it was', left: 'left alone' },
    commandsStay: 'It ran commands; what commands did to files is not undone.',
    undoUndo: (undoId) => `To have the files back: \`copaw undo ${undoId}\``,
  },
  zh: {
    archived: '新会话已开始，旧会话已保留。',
    dropped: '此会话已删除。文件和记忆保留。',
    nothingYet: '还没有内容。',
    stopped: (commands) => (commands === 0 ? '已停止。' : `已停止，包括 ${commands} 个后台命令。`),
    nothingRuns: '没有正在进行的工作。',
    status: ({ model, sandbox, running, waiting, mode }) =>
      [
        `- ${running ? '正在工作。' : '空闲。'}${waiting > 0 ? `${waiting} 条消息在等待。` : ''}`,
        `- 模型：${model}`,
        `- 沙箱：${sandbox}`,
        `- ${chinese[mode]}`,
      ].join('\n'),
    model: (ref, all) => [`这里的模型是 ${ref}。`, ...(all.length === 0 ? [] : [`用“/model <名称>”选择：${all.join('、')}。`])].join(''),
    modelSet: (ref) => `从现在起这里由 ${ref} 回答。`,
    mode: (mode) => `${chinese[mode]}。`,
    usage: (what, tokens, cost) => `- ${what === 'today' ? '今天' : '此会话'}：${tokens} 个 token，${dollars(cost)}`,
    cached: (share) => `- 此会话的输入中来自提供方缓存的部分：${Math.round(share * 100)} %`,
    context: ({ tokens, window }) => `- 上下文：约 ${tokens} / ${window.tokens} 个 token（${windowWords.zh[window.source]}）`,
    noCompaction: '这里没有压缩过的内容。',
    compactionUndone: (messages) => `已撤回：只要放得下，我会重新看到这 ${messages} 条消息的原文。`,
    you: '您',
    noUndo: '没有可以撤回的内容。',
    undone: '已撤回上一轮。',
    undoneFile: { restored: '已恢复', removed: '已移到回收站', same: '没有变化', left: '未改动' },
    commandsStay: '这一轮运行过命令；命令对文件的改动不会撤回。',
    undoUndo: (undoId) => `要找回这些改动：\`copaw undo ${undoId}\``,
  },
};

/** From where it is known how much a model takes. */
const windowWords: Record<'en' | 'zh', Record<KnownWindow['source'], string>> = {
  en: {
    declared: 'as configured',
    list: 'as its provider lists it',
    refusal: 'as its provider said when it refused more',
    default: 'assumed; set contextTokens of this model',
  },
  zh: { declared: '来自配置', list: '来自提供方的模型列表', refusal: '提供方拒绝更长请求时给出', default: '假定值；请设置此模型的 contextTokens' },
};

export const commandWords = (language: Language): CommandWords => texts[language];
