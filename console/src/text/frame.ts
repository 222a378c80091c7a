// Words of the frame: the line of state, the banners, what waits, and the way to the palette.
import type { OperatorStatus } from '../../../src/http/contract.ts';

type Source = NonNullable<OperatorStatus['window']>['source'];

const count = (number: number, one: string, many: string): string => (number === 1 ? one : `${number} ${many}`);

const en = {
  goTo: 'Go to, or do',
  shortcuts: 'Keyboard shortcuts',
  state: 'State of CoPaw',
  connected: 'Connected',
  connecting: 'Connecting',
  reconnect: 'Not connected: try now',
  modelTrouble: (words: string) => `The model did not answer: ${words}`,
  modelMissing: 'No model',
  modelDown: 'Model fails',
  window: (tokens: string, source: Source) =>
    `${tokens} tokens (${{ declared: 'as configured', list: 'as its provider lists it', refusal: 'as its provider said when it refused more', default: 'assumed' }[source]})`,
  storageFine: 'Disk has room',
  running: (number: number) => (number === 0 ? 'Nothing is running' : count(number, '1 answer is being written', 'answers are being written')),
  waiting: (number: number) => (number === 0 ? 'Nothing waits for you' : count(number, '1 thing waits for you', 'things wait for you')),
  stillWorks: 'What is open can be read. What you send waits here, and goes out once CoPaw answers.',
  tryNow: 'Try now',
  waitsToSend: 'Goes out when CoPaw answers',
  otherLogin: 'It was written under another login. Try again sends it to the CoPaw that this page shows now.',
  newVersion: 'A new version of the console is ready.',
  loadIt: 'Load it',
};

const zh: typeof en = {
  goTo: '前往或执行',
  shortcuts: '键盘快捷键',
  state: 'CoPaw 的状态',
  connected: '已连接',
  connecting: '正在连接',
  reconnect: '未连接：立即重试',
  modelTrouble: (words) => `模型没有回应：${words}`,
  modelMissing: '没有模型',
  modelDown: '模型出错',
  window: (tokens, source) =>
    `${tokens} 个 token（${{ declared: '来自配置', list: '来自提供方的模型列表', refusal: '提供方拒绝更长请求时给出', default: '假定值' }[source]}）`,
  storageFine: '磁盘空间充足',
  running: (number) => (number === 0 ? '没有正在进行的回答' : `正在写 ${number} 个回答`),
  waiting: (number) => (number === 0 ? '没有等待您的事项' : `${number} 件事等待您处理`),
  stillWorks: '已打开的内容仍可阅读。您发送的消息会在此等候，CoPaw 恢复后自动发出。',
  tryNow: '立即重试',
  waitsToSend: 'CoPaw 恢复后发出',
  otherLogin: '它是在另一次登录中写的。重试会将它发给此页面当前连接的 CoPaw。',
  newVersion: '控制台有新版本可用。',
  loadIt: '加载新版本',
};

export const frameTexts = { en, zh };
