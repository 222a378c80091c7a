// Words of the page of what waits for the person.
import type { PushStateBody } from '../../../../src/http/contract.ts';
import { useWords } from '../../settings.tsx';

type Problem = NonNullable<NonNullable<PushStateBody['device']>['problem']>;

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
  device: {
    title: 'Tell me on this device',
    text: 'A notice of this browser while no page of CoPaw is seen here. It goes through the push service of the browser’s maker, who learns that and when there is one, but not what it says.',
    on: 'Tell me here',
    of: 'When',
    kinds: { approvals: 'CoPaw asks you', answers: 'An answer has come', reminders: 'A reminder is due', failures: 'Something failed' },
    withText: 'Show the text too',
    withTextHint: 'Else only the kind of notice and the agent’s name are shown, also on a locked screen.',
    test: 'Try it',
    tested: 'Sent. If nothing appears, the notices of this browser may be off in the system settings.',
    lastProblem: ({ code, status }: Problem) =>
      `The last notice did not go out. ${{ late: 'It was too late to tell.', answered: `The push service answered ${status}.`, unreachable: 'CoPaw could not reach the push service.' }[code]}`,
    unreachable: 'This browser could not reach its push service. Check its connection and whether push is allowed in it, then try again.',
    impossible: {
      insecure:
        'A browser takes notices only from pages that came over https, or from its own machine. Put CoPaw behind https: see “Deploying” in the documentation.',
      missing:
        'This browser has no push notices here. On an iPhone or iPad, add CoPaw to the Home Screen and open it from there; in a private window there are none.',
      denied: 'Notices of this page are blocked. Allow them in the browser’s settings for this site, then reload the page.',
    },
  },
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
  proposal: (count) => `有 ${count} 份 MEMORY.md 的整理建议等待处理。`,
  look: '查看',
  settle: '不再处理',
  settled: (text) => `不再处理：${text}`,
  undo: '撤销',
  older: '还有更早的，请见“消息”。',
  device: {
    title: '在此设备上通知我',
    text: '当这里没有打开的 CoPaw 页面时，由浏览器显示通知。通知经过浏览器厂商的推送服务，对方知道有通知和时间，但不知道内容。',
    on: '在这里通知我',
    of: '何时通知',
    kinds: { approvals: 'CoPaw 询问您', answers: '有了答复', reminders: '提醒到时', failures: '有事项失败' },
    withText: '同时显示内容',
    withTextHint: '否则只显示通知种类和智能体名称，锁屏时也是如此。',
    test: '试一下',
    tested: '已发送。如果没有出现，可能是系统设置中关闭了此浏览器的通知。',
    lastProblem: ({ code, status }) =>
      `上一条通知没有发出。${{ late: '通知已经过时。', answered: `推送服务返回 ${status}。`, unreachable: 'CoPaw 无法连接推送服务。' }[code]}`,
    unreachable: '此浏览器无法连接它的推送服务。请检查网络以及浏览器是否允许推送，然后重试。',
    impossible: {
      insecure: '浏览器只接受通过 https 或本机打开的页面的通知。请让 CoPaw 通过 https 访问：见文档“Deploying”。',
      missing: '此浏览器在这里不支持推送通知。在 iPhone 或 iPad 上，请先将 CoPaw 添加到主屏幕再从那里打开；隐私窗口中没有通知。',
      denied: '此页面的通知被阻止。请在浏览器的网站设置中允许，然后重新加载页面。',
    },
  },
};

export const useInboxText = (): typeof en => useWords({ en, zh });
