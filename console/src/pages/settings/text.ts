// Words of the page of settings, and how the keys of config.json are called in each language.
import { useSettings, useWords } from '../../settings.tsx';
import { keysEn } from './keys-en.ts';
import { keysZh, valuesZh } from './keys-zh.ts';
import { type Node, wordKeys } from './schema.ts';

const en = {
  text: 'All of config.json, as a form or as the text itself. Comments stay, and so do keys that CoPaw does not know.',
  secrets: 'Keys and passwords do not stand here: only the name of a secret does. Their values are kept on the page of security.',
  asForm: 'Form',
  asText: 'Text',
  view: 'Shown as',
  general: 'General',
  content: 'Content of config.json',
  fixed:
    'config.json holds the value of a secret, which is not shown, so it cannot be saved from here. Keep the value as a secret, and name it with copaw config set.',
  unreadable: 'The text cannot be read, so there is no form of it. Correct it here.',
  standard: (value: string) => `Default: ${value}`,
  on: 'on',
  off: 'off',
  waits: 'from the next start',
  danger: 'takes a protection away',
  add: (name: string) => `Add to “${name}”`,
  addEntry: 'Add',
  newName: (name: string) => `New entry of ${name}`,
  removeEntry: (name: string) => `Remove ${name}`,
  entry: (name: string, number: number) => `${name} ${number}`,
  none: 'none',
  where: 'Where it is',
  review: 'See what changes',
  discard: 'Give up my changes',
  changes: 'What changes',
  nothing: 'Nothing changes.',
  faults: 'This cannot be saved yet',
  line: (line: number) => `line ${line}`,
  atOnce: 'In force as soon as it is saved:',
  atStart: 'In force from the next start:',
  save: 'Save',
  back: 'Back',
  saved: 'Saved.',
  undone: 'It is as it was before.',
  undo: 'Take the last change back',
  conflict: 'Somebody else changed config.json meanwhile; nothing was saved. This is what it says now. Your changes are still here.',
  rebase: 'Look at my changes again',
};

const zh: typeof en = {
  text: '整个 config.json，可用表单或文本编辑。注释会保留，CoPaw 不认识的键也会保留。',
  secrets: '这里没有密钥和密码：只有密钥的名称。它们的值在“安全”页设置。',
  asForm: '表单',
  asText: '文本',
  view: '显示为',
  general: '常规',
  content: 'config.json 的内容',
  fixed: 'config.json 含有密钥的值，不予显示，因此不能从这里保存。请将该值存为密钥，并用 copaw config set 引用其名称。',
  unreadable: '无法读取此文本，因此没有表单。请在这里更正。',
  standard: (value) => `默认：${value}`,
  on: '开',
  off: '关',
  waits: '下次启动起生效',
  danger: '会去除一项保护',
  add: (name) => `添加“${name}”`,
  addEntry: '添加',
  newName: (name) => `${name}的新条目`,
  removeEntry: (name) => `移除 ${name}`,
  entry: (name, number) => `${name} ${number}`,
  none: '无',
  where: '所在',
  review: '查看更改',
  discard: '放弃我的更改',
  changes: '更改内容',
  nothing: '没有更改。',
  faults: '还不能保存',
  line: (line) => `第 ${line} 行`,
  atOnce: '保存后立即生效：',
  atStart: '下次启动起生效：',
  save: '保存',
  back: '返回',
  saved: '已保存。',
  undone: '已恢复为之前的样子。',
  undo: '撤回上次更改',
  conflict: 'config.json 同时被他人更改，没有保存。这是它现在的内容。您的更改仍在这里。',
  rebase: '重新查看我的更改',
};

export const useSettingsText = (): typeof en => useWords({ en, zh });

/** How a key is called and what it is for, by its path with `*` for what a person named. */
export function wordsOf(language: 'en' | 'zh', path: readonly string[], node: Node): { readonly name: string; readonly hint: string } {
  const keys = wordKeys(path);
  const last = path.at(-1) ?? '';
  if (language === 'en') return { name: first(keysEn, keys) ?? last, hint: node.description ?? '' };
  const [name, hint = ''] = first(keysZh, keys) ?? [last];
  return { name, hint };
}

function first<T>(table: Readonly<Record<string, T>>, keys: readonly string[]): T | undefined {
  const key = keys.find((one) => Object.hasOwn(table, one));
  return key === undefined ? undefined : table[key];
}

export function useKeyWords() {
  const { language } = useSettings();
  return {
    wordsOf: (path: readonly string[], node: Node) => wordsOf(language, path, node),
    valueWord: (value: string): string => (language === 'zh' && Object.hasOwn(valuesZh, value) ? (valuesZh[value] ?? value) : value),
  };
}
