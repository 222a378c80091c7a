// Words of the page of what waits for the person.
import { useWords } from '../../settings.tsx';

const en = {
  text: 'What waits for you, and for nobody else. Everything else that arrived and went out is under Messages.',
  nothing: 'Nothing waits for you.',
  nothingText: 'Questions of CoPaw, people who ask to be let in, and whatever came to nothing will stand here.',
  approvals: 'CoPaw asks you',
  inChat: (title: string) => `In ${title}`,
  ofAgent: (id: string) => `agent ${id}`,
  messages: 'Messages that came to nothing',
  answers: 'Answers that did not go out whole',
  channels: 'Channels that are down',
  proposals: 'Memory',
  proposal: (count: number) => (count === 1 ? 'A proposal for MEMORY.md waits.' : `${count} proposals for MEMORY.md wait.`),
  look: 'Look at it',
  settle: 'Let it be',
  settled: (text: string) => `Let be: ${text}`,
  undo: 'Undo',
  older: 'There are older ones: see Messages.',
};

const zh: typeof en = {
  text: '只等待您处理的事项。其他收到和发出的内容都在“消息”中。',
  nothing: '没有等待您的事项。',
  nothingText: 'CoPaw 的询问、请求放行的人以及没有结果的消息会出现在这里。',
  approvals: 'CoPaw 在询问您',
  inChat: (title) => `会话：${title}`,
  ofAgent: (id) => `智能体 ${id}`,
  messages: '没有结果的消息',
  answers: '未完整发出的答复',
  channels: '中断的渠道',
  proposals: '记忆',
  proposal: (count) => `有 ${count} 个 MEMORY.md 的提议等待处理。`,
  look: '查看',
  settle: '不再处理',
  settled: (text) => `不再处理：${text}`,
  undo: '撤销',
  older: '还有更早的，请见“消息”。',
};

export const useInboxText = (): typeof en => useWords({ en, zh });
