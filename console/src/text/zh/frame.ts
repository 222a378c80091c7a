// Words of the frame: the line of state, the banners, what waits, and the way to the palette, in Chinese.
import type { frame as en } from '../en/frame.ts';

export const frame: typeof en = {
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
