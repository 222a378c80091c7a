// Words of the model of one conversation.

const en = {
  label: 'Model of this conversation',
  usual: (ref: string) => `Default (${ref})`,
  gone: (ref: string) => `${ref} (not set up any more)`,
  notChosen: 'The model was not changed.',
  took: (seconds: string) => `${seconds} s`,
};

const zh: typeof en = {
  label: '此对话的模型',
  usual: (ref) => `默认（${ref}）`,
  gone: (ref) => `${ref}（已不再配置）`,
  notChosen: '模型未更改。',
  took: (seconds) => `${seconds} 秒`,
};

export const modelTexts = { en, zh };
