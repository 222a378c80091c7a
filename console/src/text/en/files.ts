// Words of files that go with a message, and of voice notes.

export const files = {
  attach: 'Attach files',
  drop: 'Drop the files here to attach them',
  waiting: 'Files for this message',
  uploading: (name: string, percent: number) => `${name}: ${percent} % sent`,
  uploaded: (name: string) => `${name} is attached`,
  cancel: (name: string) => `Do not attach ${name}`,
  again: (name: string) => `Send ${name} again`,
  holdsUp: 'The message can be sent once every file is attached or taken away.',
  tooLarge: (most: string) => `A file may have ${most}.`,
  tooMany: (most: number) => `A message may have ${most} files. The others were left out.`,
  record: 'Record a voice note',
  stopRecording: (seconds: number) => `End the recording (${seconds} s)`,
  pickVoice: 'Attach a recording',
  noMicrophone: 'The microphone cannot be used here. Choose a recording instead.',
  save: (name: string) => `Save ${name}`,
  play: (name: string) => `Play ${name}`,
  notLoaded: 'This file cannot be had.',
  heard: 'What is said in it',
  preview: (name: string) => `Look into ${name}`,
};
