// Words of the page of reminders.
import { useWords } from '../../settings.tsx';

const en = {
  text: 'What I will say later, in the conversation where you asked for it. A reminder asks no model and costs nothing.',
  nothing: 'No reminder waits. Ask for one in a conversation: “remind me in 20 minutes to …”.',
  said: (time: string) => `to be said ${time}`,
  open: 'Open the conversation',
  cancel: 'Cancel it',
  sure: 'Yes, cancel it',
  noTitle: '(no title)',
};

const zh: typeof en = {
  text: '稍后在您提出请求的会话里说的话。提醒不调用模型，不产生费用。',
  nothing: '没有等待的提醒。在会话中说：“20 分钟后提醒我……”。',
  said: (time) => `将于 ${time} 说出`,
  open: '打开会话',
  cancel: '取消',
  sure: '是，取消它',
  noTitle: '（无标题）',
};

export const useRemindersText = (): typeof en => useWords({ en, zh });
