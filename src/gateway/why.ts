// `/why`: how an answer came about, told from the journal of its turn. Nothing is asked again and nothing is guessed.
import type { Language } from '../core/config.ts';
import type { GrantScope } from '../core/policy.ts';
import type { Turn } from '../core/session.ts';
import type { Entry, ToolOutcome, TurnOutcome } from '../core/turn-event.ts';
import { dollars } from '../lib/dollars.ts';

const mostShown = 160;
const short = (text: string): string => {
  const line = text.trim().replace(/\s+/gu, ' ');
  return line.length <= mostShown ? line : `${line.slice(0, mostShown)}…`;
};

type Words = Readonly<Record<ToolOutcome | TurnOutcome | GrantScope | 'deny' | 'expired', string>>;

const labels = {
  en: {
    colon: ': ',
    asked: 'Asked',
    model: 'Model',
    none: 'no model; CoPaw itself',
    calls: (calls: number, input: number, cached: number, output: number) =>
      `${calls} call${calls === 1 ? '' : 's'}, ${input} tokens in (${cached} cached), ${output} out`,
    retries: (count: number) => `${count} tried again`,
    cost: 'Cost',
    memory: 'Memory',
    tools: 'Tools',
    approvals: 'Approvals',
    notices: 'Notices',
    strangers: 'Words of strangers were in the conversation.',
    took: 'Took',
    outcome: 'Outcome',
    words: {
      ...{ ok: 'ok', failed: 'failed', denied: 'denied', cancelled: 'cancelled', unknown: 'cut off, may have been done' },
      ...{ answered: 'answered', refused: 'refused', interrupted: 'interrupted' },
      ...{ once: 'once', task: 'for the task', always: 'always', deny: 'denied', expired: 'expired' },
    } satisfies Words,
  },
  zh: {
    colon: '：',
    asked: '提问',
    model: '模型',
    none: '没有模型，由 CoPaw 自己回答',
    calls: (calls: number, input: number, cached: number, output: number) => `${calls} 次调用，输入 ${input} 个 token（缓存 ${cached}），输出 ${output}`,
    retries: (count: number) => `重试 ${count} 次`,
    cost: '费用',
    memory: '记忆',
    tools: '工具',
    approvals: '审批',
    notices: '提示',
    strangers: '会话中有陌生人的内容。',
    took: '用时',
    outcome: '结果',
    words: {
      ...{ ok: '完成', failed: '失败', denied: '被拒绝', cancelled: '已停止', unknown: '被中断，可能已经执行' },
      ...{ answered: '已回答', refused: '被拒绝', interrupted: '被中断' },
      ...{ once: '允许一次', task: '允许用于本次任务', always: '始终允许', deny: '已拒绝', expired: '未及时答复' },
    } satisfies Words,
  },
} as const satisfies Record<Language, object>;

/** `entries` are all of this turn. Plain lines, each with what it tells in front. */
export function explainTurn(turn: Turn, entries: readonly Entry[], tainted: boolean, language: Language): string {
  const say = labels[language];
  const events = entries.map(({ event }) => event);
  const asked = events.flatMap((event) => (event.type === 'message' && event.message.role === 'user' ? [event.message] : []));
  const said = events.flatMap((event) => (event.type === 'message' && event.message.role === 'assistant' ? [event.message] : []));
  const ends = events.flatMap((event) => (event.type === 'tool-end' ? [event] : []));
  const memory = ends.filter(({ name }) => name.startsWith('memory_'));
  const tools = ends.filter(({ name }) => !name.startsWith('memory_'));
  const answers = events.flatMap((event) =>
    event.type === 'approval-answer' ? [`${nameOf(events, event.callId)} ${say.words[event.decision]}${event.by === undefined ? '' : ` (${event.by})`}`] : [],
  );
  const notices = events.flatMap((event) => (event.type === 'notice' && event.code !== 'retry' ? [event.text] : []));
  const retries = events.filter((event) => event.type === 'notice' && event.code === 'retry').length;
  const end = events.findLast((event) => event.type === 'turn-end');
  const models = [...new Set(said.flatMap(({ model }) => (model === undefined ? [] : [model])))];
  const calls = said.filter(({ model }) => model !== undefined).length;
  const { input = 0, cachedInput = 0, output = 0 } = end?.usage ?? {};
  const listed = (calls: readonly (typeof ends)[number][]): string =>
    calls.map(({ name, outcome, code }) => `${name} (${say.words[outcome]}${code === undefined ? '' : ` ${code}`})`).join(', ');
  const lines = [
    ...asked.map(
      ({ text, sender, attachments }) =>
        `${say.asked}${say.colon}${short(text)}${attachments.length > 0 ? ` [+${attachments.length}]` : ''} (${turn.address.channel}, ${sender.name ?? sender.id})`,
    ),
    `${say.model}${say.colon}${models.length === 0 ? say.none : [models.join(', '), say.calls(calls, input, cachedInput, output), ...(retries > 0 ? [say.retries(retries)] : [])].join('; ')}`,
    ...(end?.cost === undefined ? [] : [`${say.cost}${say.colon}${dollars(end.cost)}`]),
    ...(memory.length > 0 ? [`${say.memory}${say.colon}${listed(memory)}`] : []),
    ...(tools.length > 0 ? [`${say.tools}${say.colon}${listed(tools)}`] : []),
    ...(answers.length > 0 ? [`${say.approvals}${say.colon}${answers.join(', ')}`] : []),
    ...(notices.length > 0 ? [`${say.notices}${say.colon}${notices.map(short).join(' · ')}`] : []),
    ...(tainted ? [say.strangers] : []),
    ...(end ? [`${say.outcome}${say.colon}${say.words[end.outcome]}`] : []),
    ...(turn.endedAt === undefined ? [] : [`${say.took}${say.colon}${((turn.endedAt - turn.startedAt) / 1000).toFixed(1)} s (${turn.id})`]),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function nameOf(events: readonly Entry['event'][], callId: string): string {
  for (const event of events) {
    if (event.type === 'approval-request' && event.callId === callId) return event.approval.plan.tool;
  }
  return callId;
}
