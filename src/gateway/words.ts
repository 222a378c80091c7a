// What CoPaw itself says into chats, in the operator's language. None of it tells a stranger anything but how to be let in.
import type { Compaction } from '../core/compaction.ts';
import type { Language } from '../core/config.ts';
import { showPairingCode } from '../lib/pairing-code.ts';
import { type Unheard, unheard } from './words-unheard.ts';

export interface Words {
  /** `instead`: the operator's own words for the first sentence. */
  pairing(code: string, instead?: string): string;
  readonly tooOld: string;
  readonly tooMany: string;
  /** The conversation holds as many messages as may wait. */
  readonly full: string;
  readonly waits: string;
  approval(text: string, id: string): string;
  approvalElsewhere(id: string): string;
  readonly decision: Readonly<Record<'once' | 'task' | 'always' | 'deny', string>>;
  readonly notYours: string;
  readonly notFresh: string;
  readonly allowed: string;
  readonly denied: string;
  readonly unknownCommand: string;
  /** A command that came too late to be done. */
  readonly notDone: string;
  readonly broken: string;
  /** Stands where something became a file. */
  asFile(name: string): string;
  /** Which tool runs. */
  tool(name: string): string;
  /** Stands below words after which nothing comes any more. */
  readonly stopped: string;
  /** Stands in a message for a file of it that was not kept. */
  notKept(name: string, why: string): string;
  /** What stands for the words of a recording that nobody wrote down. */
  readonly unheard: Unheard;
  /** Stands for an answer that could not be written for its channel. */
  readonly unwritable: string;
  overdue(minutes: number): { readonly text: string; readonly next: string };
  /** Messages of the request before and after; `quotes`: passages that were kept word for word. */
  compacted(counts: Compaction['counts'], quotes: number): string;
  /** `since` and `next`: times as people read them. */
  channelDown(name: string, since: string, why: string, next: string | undefined): string;
  channelBack(name: string): string;
  /** The message of `copaw channels test`. */
  readonly channelTest: string;
}

const texts: Readonly<Record<Language, Words>> = {
  en: {
    pairing: (code, instead) =>
      instead === undefined
        ? `I only answer people my operator has let in. If they know you, give them this code: ${showPairingCode(code)}`
        : `${instead}\nIf my operator knows you, give them this code: ${showPairingCode(code)}`,
    tooOld: 'Your message reached me too late to act on. If it still matters, please send it again.',
    tooMany: 'That was a lot at once. Please wait a minute, then send it again.',
    full: 'Too many messages wait here already, so I did not take this one. Please send it again once I have answered, or say "/stop".',
    waits: "This needs the operator's yes. I have asked and will go on once there is an answer.",
    approval: (text, id) => `I need your yes:\n${text}\nAnswer with "/approve ${id}" or "/deny ${id}".`,
    approvalElsewhere: (id) => `I need your yes for something too long to show here (${id}). Please look at it in the console.`,
    decision: { once: 'Allow once', task: 'This task', always: 'Always', deny: 'Deny' },
    notYours: 'Only the operator can answer this: in the console, on the command line, or in a direct message.',
    notFresh: 'This answer arrived too late. Please send it again.',
    allowed: 'Allowed.',
    denied: 'Denied.',
    unknownCommand: 'I do not know this command. "/help" lists what there is.',
    notDone: 'CoPaw was interrupted before this command was done, and much was said since. It was not done; say it again if you still want it.',
    broken: 'Something went wrong inside CoPaw.',
    asFile: (name) => `(see the file ${name})`,
    tool: (name) => `(using ${name})`,
    stopped: '(stopped)',
    notKept: (name, why) => `[The file ${name} was not kept: ${why}]`,
    unheard: unheard.en,
    unwritable: 'I could not write my answer for this chat. It is in the log.',
    overdue: (minutes) => ({ text: `I could not finish this within ${minutes} minutes and stopped.`, next: 'Say "go on" to continue.' }),
    compacted: ({ messagesBefore, messagesAfter }, quotes) =>
      `(Compacted ${messagesBefore} → ${messagesAfter} messages; ${quotes} passages kept word for word. Nothing is deleted; "/compact undo" takes it back.)`,
    channelDown: (name, since, why, next) =>
      `I cannot be reached on ${name}: down since ${since}. ${why}${next === undefined ? '' : ` Next try at ${next}.`} Answers that go there wait.`,
    channelBack: (name) => `I can be reached on ${name} again.`,
    channelTest: 'This is a test of the connection. It works.',
  },
  zh: {
    pairing: (code, instead) =>
      `${instead === undefined ? '我只回复经我的主人允许的人。' : `${instead}\n`}如果主人认识您，请把这个代码告诉主人：${showPairingCode(code)}`,
    tooOld: '您的消息到得太晚，我没有处理。如果仍有需要，请再发一次。',
    tooMany: '一下子消息太多了。请等一分钟再发。',
    full: '这里等待的消息太多，这一条我没有接收。请等我回复后再发，或发送“/stop”。',
    waits: '这需要主人同意。我已经询问，得到答复后继续。',
    approval: (text, id) => `需要您同意：\n${text}\n请回复“/approve ${id}”或“/deny ${id}”。`,
    approvalElsewhere: (id) => `有一项操作需要您同意，内容太长，无法在此显示（${id}）。请在控制台查看。`,
    decision: { once: '允许一次', task: '本次任务', always: '始终允许', deny: '拒绝' },
    notYours: '只有主人可以答复：在控制台、命令行或私聊中。',
    notFresh: '这个答复到得太晚，请再发一次。',
    allowed: '已允许。',
    denied: '已拒绝。',
    unknownCommand: '我不认识这个命令。“/help”会列出所有命令。',
    notDone: '在执行这个命令之前 CoPaw 中断了，之后又有了新的内容，所以没有执行。如果仍有需要，请再说一次。',
    broken: 'CoPaw 内部出了问题。',
    asFile: (name) => `（见文件 ${name}）`,
    tool: (name) => `（正在使用 ${name}）`,
    stopped: '（已停止）',
    notKept: (name, why) => `[文件 ${name} 没有保存：${why}]`,
    unheard: unheard.zh,
    unwritable: '我没能为此聊天写出答复，内容在日志里。',
    overdue: (minutes) => ({ text: `我没能在 ${minutes} 分钟内完成，已停止。`, next: '说“继续”即可接着做。' }),
    compacted: ({ messagesBefore, messagesAfter }, quotes) =>
      `（已压缩 ${messagesBefore} → ${messagesAfter} 条消息，原文保留 ${quotes} 处。没有删除任何内容；“/compact undo”可撤回。）`,
    channelDown: (name, since, why, next) =>
      `${name} 无法连接：自 ${since} 起中断。${why}${next === undefined ? '' : ` 下次重试：${next}。`}发往那里的回复会等待。`,
    channelBack: (name) => `${name} 已恢复。`,
    channelTest: '这是一次连接测试，连接正常。',
  },
};

export const words = (language: Language): Words => texts[language];
