// The explicit list of what ships: tools and kinds of channels by name. A new one is one file, or folder, and one line here.
import type { AnyChannelKind } from './core/channel-kind.ts';
import type { Tool } from './core/tool.ts';
import { currentTime } from './tools/current-time.ts';
import { deleteFile } from './tools/delete-file.ts';
import { editFile } from './tools/edit-file.ts';
import { fetchUrl } from './tools/fetch-url.ts';
import { killCommand } from './tools/kill-command.ts';
import { listFiles } from './tools/list-files.ts';
import { memoryForget } from './tools/memory-forget.ts';
import { memoryRead } from './tools/memory-read.ts';
import { memorySearch } from './tools/memory-search.ts';
import { memoryWrite } from './tools/memory-write.ts';
import { pollCommand } from './tools/poll-command.ts';
import { readFile } from './tools/read-file.ts';
import { recall } from './tools/recall.ts';
import { remindMe } from './tools/remind-me.ts';
import { runCommand } from './tools/run-command.ts';
import { searchFiles } from './tools/search-files.ts';
import { sendFile } from './tools/send-file.ts';
import { sessionsSearch } from './tools/sessions-search.ts';
import { viewImage } from './tools/view-image.ts';
import { writeFile } from './tools/write-file.ts';

export const builtinTools: readonly Tool[] = [
  currentTime,
  deleteFile,
  editFile,
  fetchUrl,
  killCommand,
  listFiles,
  memoryForget,
  memoryRead,
  memorySearch,
  memoryWrite,
  pollCommand,
  readFile,
  recall,
  remindMe,
  runCommand,
  searchFiles,
  sendFile,
  sessionsSearch,
  viewImage,
  writeFile,
];

/** Loaded when an account of the kind is first enabled or asked about. */
export const builtinChannels: Readonly<Record<string, () => Promise<AnyChannelKind>>> = {
  irc: async () => (await import('./channels/irc/irc.ts')).irc,
  mqtt: async () => (await import('./channels/mqtt/mqtt.ts')).mqtt,
  discord: async () => (await import('./channels/discord/discord.ts')).discord,
  dingtalk: async () => (await import('./channels/dingtalk/dingtalk.ts')).dingtalk,
  feishu: async () => (await import('./channels/feishu/feishu.ts')).feishu,
  matrix: async () => (await import('./channels/matrix/matrix.ts')).matrix,
  telegram: async () => (await import('./channels/telegram/telegram.ts')).telegram,
  slack: async () => (await import('./channels/slack/slack.ts')).slack,
  email: async () => (await import('./channels/email/email.ts')).email,
  xmpp: async () => (await import('./channels/xmpp/xmpp.ts')).xmpp,
  mattermost: async () => (await import('./channels/mattermost/mattermost.ts')).mattermost,
  webhook: async () => (await import('./channels/webhook/webhook.ts')).webhook,
};
