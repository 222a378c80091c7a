// Words of files that go with a message, and of voice notes.

const en = {
  attach: 'Attach files',
  drop: 'Drop the files here to attach them',
  waiting: 'Files for this message',
  uploading: (name: string, percent: number) => `${name}: ${percent} % sent`,
  uploaded: (name: string) => `${name} is attached`,
  cancel: (name: string) => `Do not attach ${name}`,
  again: (name: string) => `Send ${name} again`,
  tooLarge: (most: string) => `A file may have ${most}.`,
  tooMany: (most: number) => `A message may have ${most} files. The others were left out.`,
  record: 'Record a voice note',
  stopRecording: (seconds: number) => `End the recording (${seconds} s)`,
  pickVoice: 'Attach a recording',
  noMicrophone: 'The microphone cannot be used here. Choose a recording instead.',
  save: (name: string) => `Save ${name}`,
  play: (name: string) => `Play ${name}`,
  notLoaded: 'This file cannot be had.',
  preview: (name: string) => `Look into ${name}`,
};

const zh: typeof en = {
  attach: '添加文件',
  drop: '将文件拖放到此处以添加',
  waiting: '此消息的文件',
  uploading: (name, percent) => `${name}：已发送 ${percent} %`,
  uploaded: (name) => `已添加 ${name}`,
  cancel: (name) => `不添加 ${name}`,
  again: (name) => `重新发送 ${name}`,
  tooLarge: (most) => `单个文件最多 ${most}。`,
  tooMany: (most) => `一条消息最多 ${most} 个文件，其余未添加。`,
  record: '录制语音',
  stopRecording: (seconds) => `结束录音（${seconds} 秒）`,
  pickVoice: '添加录音文件',
  noMicrophone: '此处无法使用麦克风。请改为选择录音文件。',
  save: (name) => `保存 ${name}`,
  play: (name) => `播放 ${name}`,
  notLoaded: '无法获取此文件。',
  preview: (name) => `预览 ${name}`,
};

export const fileTexts = { en, zh };
