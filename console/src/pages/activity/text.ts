// Words of the page about what was done, approved and refused.
import type { ActivityBody } from '../../../../src/http/contract.ts';
import { useWords } from '../../settings.tsx';

type ActivityRecord = ActivityBody['records'][number];

const en = {
  text: 'What was done, approved and refused here: the newest first. These are the records of the audit log; none of them can be changed without it showing.',
  subject: 'About',
  outcome: 'Outcome',
  agent: 'Agent',
  anything: 'Everything',
  subjects: { tools: 'What turns did', access: 'Who came in', settings: 'What is allowed', data: 'What is kept' } satisfies Record<
    ActivityRecord['subject'],
    string
  >,
  outcomes: { done: 'Done', approved: 'Approved', refused: 'Refused' } satisfies Record<ActivityRecord['outcome'], string>,
  refresh: 'Look again',
  nothing: 'Nothing was written down yet.',
  nothingFits: 'Nothing that fits was written down.',
  older: 'Show older ones',
  conversation: 'To the conversation',
  chain: 'The chain',
  chainText: 'Each record is signed together with the one before, so that one that is changed, missing or moved shows.',
  verify: 'Check the chain',
  chainHolds: (records: number) => `The chain holds: ${records} records.`,
  chainBroken: (record: number) => (record === 0 ? 'The chain is broken: the newest records are missing.' : `The chain is broken at record ${record}.`),
};

const zh: typeof en = {
  text: '这里做过、批准过、拒绝过什么：最新的在前。这些是审计日志的记录，任何改动都会被发现。',
  subject: '关于',
  outcome: '结果',
  agent: '智能体',
  anything: '全部',
  subjects: { tools: '每一轮做了什么', access: '谁进来过', settings: '允许什么', data: '保存了什么' },
  outcomes: { done: '已做', approved: '已批准', refused: '已拒绝' },
  refresh: '重新查看',
  nothing: '还没有记录。',
  nothingFits: '没有符合条件的记录。',
  older: '显示更早的',
  conversation: '前往会话',
  chain: '链条',
  chainText: '每条记录都与前一条一起签名，被改动、缺失或移动的记录会被发现。',
  verify: '检验链条',
  chainHolds: (records) => `链条完整：${records} 条记录。`,
  chainBroken: (record) => (record === 0 ? '链条已断：缺少最新的记录。' : `链条在第 ${record} 条记录处断开。`),
};

export const useActivityText = (): typeof en => useWords({ en, zh });
