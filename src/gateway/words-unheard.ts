// Why a recording could not be written down, as the message that brought it says it in the operator's language.
import type { Language } from '../core/config.ts';
import type { ErrorCode } from '../core/error.ts';

export interface Unheard {
  /** Stands in the conversation in place of the words. */
  text(name: string, why: string): string;
  readonly type: string;
  large(megabytes: number): string;
  long(minutes: number): string;
  readonly silent: string;
  /** By the code of the failure. */
  readonly why: Readonly<Partial<Record<ErrorCode, string>>>;
  readonly broken: string;
}

export const unheard: Readonly<Record<Language, Unheard>> = {
  en: {
    text: (name, why) => `[The recording ${name} was kept, but not written down: ${why}]`,
    type: 'its format is not one that speech models take.',
    large: (megabytes) => `it is larger than ${megabytes} MB.`,
    long: (minutes) => `it is longer than ${minutes} minutes.`,
    silent: 'no words were heard in it.',
    why: {
      'model-auth': 'the provider refused the key.',
      'secret-missing': 'the key of the provider is not set.',
      'model-quota': 'the account of the provider has no credit left.',
      'model-rate': 'the provider limits how often it may be asked.',
      'model-overloaded': 'the provider is overloaded or failing.',
      'model-timeout': 'the provider did not answer in time.',
      'model-network': 'the provider cannot be reached.',
      'egress-failed': 'the provider cannot be reached.',
      'model-missing': 'the provider or model that is set for it is not there.',
      'model-request': 'the provider refused it.',
      'model-answer': 'the provider sent nothing that can be read.',
      'path-missing': 'the file is not there any more.',
    },
    broken: 'something went wrong inside CoPaw.',
  },
  zh: {
    text: (name, why) => `[录音 ${name} 已保存，但没有转成文字：${why}]`,
    type: '语音模型不接受这种格式。',
    large: (megabytes) => `它大于 ${megabytes} MB。`,
    long: (minutes) => `它长于 ${minutes} 分钟。`,
    silent: '没有听到任何话。',
    why: {
      'model-auth': '提供方拒绝了密钥。',
      'secret-missing': '没有设置该提供方的密钥。',
      'model-quota': '该提供方的账户没有余额。',
      'model-rate': '提供方限制了请求频率。',
      'model-overloaded': '提供方过载或出现故障。',
      'model-timeout': '提供方没有及时回应。',
      'model-network': '无法连接提供方。',
      'egress-failed': '无法连接提供方。',
      'model-missing': '所设置的提供方或模型不存在。',
      'model-request': '提供方拒绝了它。',
      'model-answer': '提供方返回的内容无法读取。',
      'path-missing': '文件已不存在。',
    },
    broken: 'CoPaw 内部出了问题。',
  },
};
