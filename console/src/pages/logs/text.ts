// Words of the page about the log.
import { useWords } from '../../settings.tsx';

const en = {
  text: 'What CoPaw wrote down of its own work, the newest first: ids, states and causes, no words of anybody and no secret.',
  level: 'Show',
  levels: { info: 'Everything', warn: 'Warnings and errors', error: 'Errors' },
  badges: { info: 'info', warn: 'warning', error: 'error' },
  search: 'Text',
  searchHint: 'A word, or the id of a turn or an answer',
  follow: 'Follow live',
  following: 'Following',
  refresh: 'Look again',
  nothing: 'Nothing was written down yet.',
  nothingFits: 'No line fits.',
  older: 'Show older ones',
  lines: 'Lines of the log',
};

const zh: typeof en = {
  text: 'CoPaw 对自身工作的记录，最新的在前：只有标识、状态和原因，没有任何人的话，也没有密钥。',
  level: '显示',
  levels: { info: '全部', warn: '警告和错误', error: '错误' },
  badges: { info: '信息', warn: '警告', error: '错误' },
  search: '文本',
  searchHint: '一个词，或轮次、回答的标识',
  follow: '实时跟随',
  following: '正在跟随',
  refresh: '重新查看',
  nothing: '还没有记录。',
  nothingFits: '没有符合条件的行。',
  older: '显示更早的',
  lines: '日志行',
};

export const useLogsText = (): typeof en => useWords({ en, zh });
