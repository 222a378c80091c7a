// What the offline model understands: patterns in English and Chinese that read one message into ordinary tool calls. Pure.
import { clockTime, inSeconds } from './offline-time.ts';

export interface OfflineCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** `calls` run one after the other, one model step each. `say` repeats a due reminder. */
export type OfflineIntent =
  | { readonly kind: 'calls'; readonly calls: readonly OfflineCall[] }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'help' | 'connect' | 'unknown' };

export interface OfflineMoment {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** IANA zone. */
  readonly timezone: string;
}

type Groups = Readonly<Record<string, string | undefined>>;
type Build = (groups: Groups, moment: OfflineMoment) => OfflineCall | undefined;

const call = (name: string, input: Readonly<Record<string, unknown>>): OfflineCall => ({ name, input });
const path = '[`"“\'「]?(?<path>[^\\s`"”\'」，。]+?)[`"”\'」]?';
const content = '[`"“「]?(?<content>[\\s\\S]+?)[`"”」]?';
const english = (body: string): RegExp => new RegExp(`^${body}[.!?]?$`, 'iu');
const chinese = (body: string): RegExp => new RegExp(`^(?:请|帮我|请帮我|麻烦)?${body}[。！？?]?$`, 'iu');

const remindIn: Build = (g) => {
  const seconds = inSeconds(g.count, g.unit);
  return seconds === undefined ? undefined : call('remind_me', { text: g.text, inSeconds: seconds });
};
const remindAt: Build = (g, moment) => {
  const at = clockTime(g, moment.now, moment.timezone);
  return at === undefined ? undefined : call('remind_me', { text: g.text, at });
};
const run: Build = (g) => call('run_command', { command: g.command });
const fetchUrl: Build = (g) => call('fetch_url', { url: g.url });
const write: Build = (g) => call('write_file', { path: g.path, content: g.content });
const readFile: Build = (g) => call('read_file', { path: g.path });
const list: Build = (g) => call('list_files', { path: g.path ?? '.' });
const search: Build = (g) => call('search_files', { pattern: g.pattern, ...(g.path === undefined ? {} : { path: g.path }) });
const remember: Build = (g) => call('memory_write', { path: 'MEMORY.md', text: g.text });
const recall: Build = (g) => call('memory_search', { query: g.query });
const time: Build = () => call('current_time', {});

const url = '(?<url>https?://[^\\s，。]+?)';
const enIn = 'in (?<count>\\d+(?:\\.\\d+)?|an?|half an) (?<unit>second|sec|minute|min|hour|day)s?';
const enAt = '(?:(?<day>today|tomorrow) )?at (?<hour>\\d{1,2})(?::(?<minute>\\d{2}))? ?(?<half>am|pm)?(?: (?<dayAfter>today|tomorrow))?';
const zhIn = '(?<count>\\d+(?:\\.\\d+)?|[一二两三四五六七八九十半]+)\\s*个?(?<unit>秒|分|小时|钟头|天)钟?(?:之后|以后|后)';
const zhAt =
  '(?<day>今天|明天)?(?<half>凌晨|早上|上午|中午|下午|晚上)?\\s*(?<hour>\\d{1,2}|[一二两三四五六七八九十]+)\\s*(?:点|时|:|：)\\s*(?<minute>\\d{1,2}|半)?分?';

/** Tried in order; the first that matches and builds a call wins. */
const patterns: readonly (readonly [RegExp, Build])[] = [
  [english(`(?:please )?remind me ${enIn},? (?:to |that |about )?(?<text>.+?)`), remindIn],
  [english(`(?:please )?remind me (?:to |that |about )?(?<text>.+?) ${enIn}`), remindIn],
  [english(`(?:please )?remind me ${enAt},? (?:to |that |about )?(?<text>.+?)`), remindAt],
  [english(`(?:please )?remind me (?:to |that |about )?(?<text>.+?) ${enAt}`), remindAt],
  [chinese(`${zhIn}，?(?:请)?提醒我(?<text>.+?)`), remindIn],
  [chinese(`提醒我${zhIn}，?(?<text>.+?)`), remindIn],
  [chinese(`${zhAt}，?(?:请)?提醒我(?<text>.+?)`), remindAt],
  [chinese(`提醒我${zhAt}，?(?<text>.+?)`), remindAt],
  [english("(?:please )?(?:what time is it(?: now)?|what(?:'s| is) the (?:time|date)(?: now| today)?|what day is it(?: today)?)"), time],
  [chinese('(?:现在|今天)?(?:是)?(?:几点(?:了|钟)?|什么时间|什么时候了|几号|星期几)'), time],
  [english(`(?:please )?(?:fetch|open|visit|read|get) ${url}`), fetchUrl],
  [chinese(`(?:打开|抓取|读取|访问|获取)(?:网页)?\\s*${url}`), fetchUrl],
  [english(`(?:please )?(?:write|save) ${content} (?:to|into|in) (?:the file )?${path}`), write],
  [english(`(?:please )?create (?:a |the )?file ${path} with (?:the (?:text|content) )?${content}`), write],
  [chinese(`(?:把|将)\\s*${content}\\s*(?:写入|写到|写进|保存到|存到)\\s*(?:文件)?\\s*${path}(?:\\s*(?:里|中))?`), write],
  [chinese(`写\\s*${content}\\s*到\\s*${path}(?:\\s*(?:里|中))?`), write],
  [english(`(?:please )?(?:list|show)(?: me)?(?: all)?(?: the| my)? (?:files|directory|folder)(?: (?:in|of|under) ${path})?`), list],
  [chinese(`(?:列出|显示|查看)\\s*(?:${path}\\s*(?:里|中|下)?\\s*(?:的)?\\s*)?(?:所有)?文件(?:列表)?`), list],
  [english(`(?:please )?search (?:the |my )?files (?:in ${path} )?for [\`"]?(?<pattern>.+?)[\`"]?`), search],
  [english(`(?:please )?(?:search for|search|find|grep) [\`"]?(?<pattern>.+?)[\`"]? in (?:the |my )?(?:files|${path})`), search],
  [chinese(`在\\s*${path}\\s*(?:里|中|下)?\\s*(?:搜索|查找)\\s*(?<pattern>.+?)`), search],
  [chinese('(?:在文件(?:里|中))?(?:搜索|查找)(?:文件)?\\s*(?<pattern>.+?)'), search],
  [english(`(?:please )?(?:read|show me|cat) (?:the file )?${path}`), readFile],
  [chinese(`(?:读取|读一下|读|查看|打开)(?:文件)?\\s*${path}`), readFile],
  [english('(?:what do you (?:know|remember)|what did i (?:tell|say to) you|do you (?:know|remember)(?: anything)?) (?:about )?(?<query>.+?)'), recall],
  [chinese('关于(?<query>.+?)，?你(?:还)?(?:知道|记得)(?:些)?什么'), recall],
  [chinese('你(?:还)?(?:知道|记得)(?:关于)?(?<query>.+?)(?:的(?:什么|哪些)(?:事情?)?|什么|吗)'), recall],
  [english('(?:please )?(?:remember|note|keep in mind)(?: that|:)? (?<text>[\\s\\S]+?)'), remember],
  [chinese('(?:记住|记一下|记下)[：:，,]?\\s*(?<text>[\\s\\S]+?)'), remember],
];

const command = /^(?:(?:please )?run(?: the command)?\s*[:：]|运行\s*[:：]|执行\s*[:：]|\$ )\s*(?<command>[\s\S]+)$/iu;
const quotedCommand = /^(?:please run|run|运行|执行)\s*`(?<command>[^`]+)`$/iu;
const connector = /(?:,? and then |,? then |,? and |，?\s*(?:然后|并且|并|再|接着)\s*)/giu;
const readBack = /^(?:(?:read|show)(?: me)? (?:it|that|the file)(?: back)?(?: to me)?[.!]?|读(?:回来|出来|一下|取它|给我看)[。！]?)$/iu;
const help = /^(?:help|\/help|what can you do|帮助|你能做什么|你会什么)[?？!.。]?$/iu;
const connect = /(?:connect|add|set ?up) (?:a|the|my)? ?(?:language )?model|(?:连接|接入|添加|配置)(?:一个)?(?:语言)?模型/iu;
const reminder = /^(?:reminder|提醒)\s*[:：]\s*(?<text>[\s\S]+)$/iu;

/** The words of the person without the context block CoPaw may put before them. */
export function withoutContext(text: string): string {
  return text.replace(/^\s*<context>[\s\S]*?<\/context>/u, '').trim();
}

/** Chinese when the message holds any Han character. */
export function languageOf(text: string): 'en' | 'zh' {
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

/** What `text`, already without its context block, asks for. */
export function readIntent(text: string, moment: OfflineMoment): OfflineIntent {
  if (help.test(text)) return { kind: 'help' };
  const due = reminder.exec(text)?.groups?.text;
  if (due !== undefined) return { kind: 'say', text: due };
  const calls = readCalls(text, moment, undefined);
  if (calls) return { kind: 'calls', calls };
  return { kind: connect.test(text) ? 'connect' : 'unknown' };
}

/** Splits at the first "and"/"then" where both sides are requests of their own; otherwise the whole text is one request. */
function readCalls(text: string, moment: OfflineMoment, before: OfflineCall | undefined): readonly OfflineCall[] | undefined {
  const shell = command.exec(text) ?? quotedCommand.exec(text);
  if (shell) return [run(shell.groups ?? {}, moment)].filter((made) => made !== undefined);
  for (const joint of text.matchAll(connector)) {
    const first = readOne(text.slice(0, joint.index).trim(), moment, before);
    const rest = first && readCalls(text.slice(joint.index + joint[0].length).trim(), moment, first);
    if (first && rest) return [first, ...rest];
  }
  const only = readOne(text, moment, before);
  return only && [only];
}

function readOne(text: string, moment: OfflineMoment, before: OfflineCall | undefined): OfflineCall | undefined {
  const written = before?.input.path;
  if (typeof written === 'string' && before?.name === 'write_file' && readBack.test(text)) return call('read_file', { path: written });
  for (const [pattern, build] of patterns) {
    const match = pattern.exec(text);
    const made = match && build(match.groups ?? {}, moment);
    if (made) return made;
  }
  return undefined;
}
