// Words of the first steps.
import { useWords } from '../settings.tsx';

const en = {
  title: 'First steps',
  connect: 'Connect a model',
  connectText: 'CoPaw thinks with a model of your choice. What was found on this machine is listed; anything else fits into the form. Adding it tries it out.',
  connected: (model: string) => `${model} answers from now on.`,
  hello: 'Say hello',
  helloText: 'Your first message, and the first answer.',
  helloOffline: 'This works without a model too: the built-in one tells the time, looks into the workspace and sets reminders.',
  helloWords: 'Hello! What can you do?',
  sayHello: 'Say hello',
  channel: 'Reach CoPaw from a chat application',
  channelText: 'Optional, and possible at any time. Nobody but those you list is answered there; adding a channel tries it out.',
  toChannels: 'To the channels',
};

const zh: typeof en = {
  title: '第一步',
  connect: '连接模型',
  connectText: 'CoPaw 使用您选择的模型来思考。本机上发现的会列出；其他的填入表单即可。添加时会进行测试。',
  connected: (model) => `从现在起由 ${model} 回答。`,
  hello: '打个招呼',
  helloText: '您的第一条消息和第一个回答。',
  helloOffline: '没有模型也可以：内置模型可以报时、查看工作区和设置提醒。',
  helloWords: '你好！你能做什么？',
  sayHello: '打个招呼',
  channel: '在聊天应用中联系 CoPaw',
  channelText: '可选，随时都可以设置。在那里只答复您列入名单的人；添加渠道时会进行测试。',
  toChannels: '前往渠道页',
};

export const useFirstStepsText = (): typeof en => useWords({ en, zh });
