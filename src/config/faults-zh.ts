// What is wrong with a text of config.json, in Chinese: zod's own words, and the sentences that are written beside the schema.
import zhCN from 'zod/v4/locales/zh-CN.js';
import type { FaultWords } from './inspect-config.ts';

const sentences: Readonly<Record<string, string>> = {
  'the file is empty': '文件是空的',
  'invalid symbol': '无法识别的符号',
  'invalid number format': '数字格式有误',
  'property name expected': '此处应为键名',
  'value expected': '此处应为值',
  'colon expected': '此处应为冒号',
  'comma expected': '此处应为逗号',
  'close brace expected': '缺少右花括号',
  'close bracket expected': '缺少右方括号',
  'end of file expected': '此处之后不应再有内容',
  'invalid comment token': '注释格式有误',
  'unexpected end of comment': '注释没有结束',
  'unexpected end of string': '字符串没有结束',
  'unexpected end of number': '数字没有写完',
  'invalid unicode': 'Unicode 转义有误',
  'invalid escape character': '转义字符有误',
  'invalid character': '不允许的字符',
  'It is no IANA time zone: name one like Europe/Berlin or Asia/Shanghai.': '不是 IANA 时区：请填写如 Asia/Shanghai 或 Europe/Berlin 的名称。',
  'Name it with at most 32 small letters, digits and dashes, with no dash in front.': '名称最多 32 个小写字母、数字和连字符，且不以连字符开头。',
  'Name it with two small letters, like de or zh.': '请填写两个小写字母，例如 zh 或 de。',
  'A name has no spaces around it.': '名称前后没有空格。',
  'Write it as <kind>/<account>/<id>, the id as the platform writes it: "telegram/main/48151623".':
    '请写成 <类型>/<账号>/<ID>，ID 与平台所写一致：“telegram/main/48151623”。',
  'An id has no spaces around it.': 'ID 前后没有空格。',
  'A star does not mean everyone; it means nobody. Write the ids.': '星号不代表所有人，而是没有人。请写出各个 ID。',
  'This is no host name: write "example.org", "*.example.org" or "example.org:8443", in lower case, and no address.':
    '这不是主机名：请以小写填写“example.org”、“*.example.org”或“example.org:8443”，不要填写地址。',
};

export const faultsZh: FaultWords = {
  ofSchema: zhCN().localeError,
  say: (text) => {
    const twice = /^the key (.*) is given twice$/su.exec(text)?.[1];
    if (twice !== undefined) return `键 ${twice} 出现了两次`;
    return Object.hasOwn(sentences, text) ? (sentences[text] ?? text) : text;
  },
};
