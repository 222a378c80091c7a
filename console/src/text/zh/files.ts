// Words of files that go with a message, and of voice notes, in Chinese.
import type { files as en } from '../en/files.ts';

export const files: typeof en = {
  attach: '添加文件',
  drop: '将文件拖放到此处以添加',
  waiting: '此消息的文件',
  uploading: (name, percent) => `${name}：已发送 ${percent} %`,
  uploaded: (name) => `已添加 ${name}`,
  cancel: (name) => `不添加 ${name}`,
  again: (name) => `重新发送 ${name}`,
  holdsUp: '每个文件都已添加或移除后，消息即可发送。',
  tooLarge: (most) => `单个文件最多 ${most}。`,
  tooMany: (most) => `一条消息最多 ${most} 个文件，其余未添加。`,
  record: '录制语音',
  stopRecording: (seconds) => `结束录音（${seconds} 秒）`,
  pickVoice: '添加录音文件',
  noMicrophone: '此处无法使用麦克风。请改为选择录音文件。',
  save: (name) => `保存 ${name}`,
  play: (name) => `播放 ${name}`,
  notLoaded: '无法获取此文件。',
  heard: '其中所说的话',
  preview: (name) => `预览 ${name}`,
};
