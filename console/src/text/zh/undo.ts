// Words of taking back what a turn did to files, in Chinese.
import type { undo as en } from '../en/undo.ts';

export const undo: typeof en = {
  start: '撤销文件改动',
  sure: '是，恢复文件原来的内容',
  result: { restored: '已恢复', removed: '已移入回收站', same: '与原来一样', left: '未改动' },
  why: {
    'changed-since': '此后又有改动',
    'changed-during': '期间有别人改过，已恢复为那时的内容',
    'not-kept': '原内容太大，没有保留',
    gone: '原内容已不再保留',
    refused: '它已不是工作区里的普通文件',
  },
  title: '撤销后的文件',
  commands: '这里运行过命令。命令对文件的改动不会撤销。',
  force: '连此后改动的也恢复',
  forceSure: '是，覆盖较新的改动',
  back: '恢复这次撤销',
};
