// Words of the model of one conversation, in Chinese.
import type { model as en } from '../en/model.ts';

export const model: typeof en = {
  label: '此会话的模型',
  usual: (ref) => `默认（${ref}）`,
  gone: (ref) => `${ref}（已不再配置）`,
  notChosen: '模型未更改。',
  took: (seconds) => `${seconds} 秒`,
};
