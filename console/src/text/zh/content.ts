// Words around code, tables, diagrams and changes, wherever one is shown, in Chinese.
import type { content as en } from '../en/content.ts';

export const content: typeof en = {
  wrap: '自动换行',
  showLines: (lines) => `显示全部 ${lines} 行`,
  showLess: '收起',
  table: '表格',
  copyCsv: '复制为 CSV',
  diagram: '图表',
  draw: '绘制',
  showSource: '显示源码',
  drawing: '绘制中…',
  notDrawn: '无法绘制此图表。源码如下。',
  tooLong: '绘制时间过长，已停止。',
  changed: (added, removed) => `增加 ${added} 行，删除 ${removed} 行`,
  beginning: '开头部分',
  picture: (name) => `图片 ${name}`,
  asItIsNow: '文件的当前内容',
};
