// Words of the palette and of the sheet of keys, loaded with them.
import { useWords } from '../settings.tsx';
import type { Shortcut } from './shortcut.ts';

const en = {
  placeholder: 'Go to a page or a conversation, or do something…',
  field: 'Search',
  results: 'Results',
  count: (number: number) => (number === 1 ? '1 result' : `${number} results`),
  nothing: 'Nothing found.',
  searching: 'Looking through what was said…',
  noSearch: 'What was said cannot be looked through now.',
  keys: '↑ ↓ choose, Enter goes, Esc closes',
  groups: { actions: 'Do', conversations: 'Conversations', pages: 'Pages', said: 'Said' },
  stop: 'Stop the running answer',
  write: 'Write a message',
  theme: 'Switch between light and dark',
  language: 'Switch the language (中文)',
  reconnect: 'Try to connect now',
  logOut: 'Log this browser out',
  sheet: {
    shortcut: {
      palette: 'Go to a page or a conversation, or do something',
      help: 'This sheet',
      write: 'To the message field',
      fresh: 'New conversation',
      inbox: 'What waits for you',
    } satisfies Record<Shortcut, string>,
    always: 'Everywhere',
    writing: 'In the message field',
    composer: [
      ['Enter', 'Send'],
      ['Shift Enter', 'New line'],
      ['/', 'Commands, at the beginning'],
      ['↑ ↓ Tab', 'Choose and take a command'],
      ['Esc', 'Stop the answer'],
    ],
    single: 'Single keys are shortcuts, except while you write',
  },
};

const zh: typeof en = {
  placeholder: '前往页面或会话，或执行操作…',
  field: '搜索',
  results: '结果',
  count: (number) => `${number} 条结果`,
  nothing: '没有找到。',
  searching: '正在查找会话内容…',
  noSearch: '暂时无法查找会话内容。',
  keys: '↑ ↓ 选择，Enter 前往，Esc 关闭',
  groups: { actions: '操作', conversations: '会话', pages: '页面', said: '会话内容' },
  stop: '停止正在进行的回答',
  write: '写消息',
  theme: '切换浅色与深色',
  language: '切换语言（English）',
  reconnect: '立即尝试连接',
  logOut: '退出此浏览器的登录',
  sheet: {
    shortcut: { palette: '前往页面或会话，或执行操作', help: '本说明', write: '到消息输入框', fresh: '新会话', inbox: '等待您处理的事项' },
    always: '任何位置',
    writing: '在消息输入框中',
    composer: [
      ['Enter', '发送'],
      ['Shift Enter', '换行'],
      ['/', '命令（位于开头时）'],
      ['↑ ↓ Tab', '选择并填入命令'],
      ['Esc', '停止回答'],
    ],
    single: '单个按键可作快捷键（输入文字时除外）',
  },
};

export const usePaletteText = (): typeof en => useWords({ en, zh });
