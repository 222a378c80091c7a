// What a push notice says, in the language of the browser it is for. Without the person's own words unless that was chosen.
import type { Language } from '../core/config.ts';
import type { PushKind } from '../core/push.ts';

interface PushWords {
  title(kind: PushKind, agent: string): string;
  /** `time`: when the question expires, as people read it. */
  until(time: string): string;
  /** Takes the place of a question that needs no answer any more. */
  readonly settled: string;
  readonly open: string;
  readonly test: string;
  readonly testText: string;
}

const titles = {
  en: { approvals: 'asks for your yes', answers: 'has answered', reminders: 'reminds you', failures: 'did not get something done' },
  zh: { approvals: '需要您同意', answers: '已答复', reminders: '提醒您', failures: '有事项没有完成' },
} as const satisfies Record<Language, Record<PushKind, string>>;

const texts: Readonly<Record<Language, PushWords>> = {
  en: {
    title: (kind, agent) => `${agent} ${titles.en[kind]}`,
    until: (time) => `It waits until ${time}.`,
    settled: 'This question waits no longer.',
    open: 'Open CoPaw to see it.',
    test: 'CoPaw tells you here',
    testText: 'This is how it looks. You can switch it off on the Inbox page.',
  },
  zh: {
    title: (kind, agent) => `${agent} ${titles.zh[kind]}`,
    until: (time) => `等待至 ${time}。`,
    settled: '这个询问已不再等待。',
    open: '打开 CoPaw 查看。',
    test: 'CoPaw 会在此通知您',
    testText: '通知就是这个样子。可在“待办”页面关闭。',
  },
};

export const pushWords = (language: Language): PushWords => texts[language];
