// Every word of the console that its first page may need, in English. A missing translation does not compile.
import type { PageName } from '../../page-names.ts';
import type { Said } from '../said.ts';
import { commands } from './commands.ts';
import { compaction } from './compaction.ts';
import { content } from './content.ts';
import { files } from './files.ts';
import { frame } from './frame.ts';
import { model } from './model.ts';
import { sessions } from './sessions.ts';
import { sight } from './sight.ts';
import { turns } from './turns.ts';
import { undo } from './undo.ts';

const inEnglish: Said = (said) => said;

export const en = {
  language: 'English',
  close: 'Close',
  retry: 'Try again',
  reload: 'Load the console again',
  pageNotLoaded: 'This page could not be loaded. CoPaw may have been updated, or does not answer.',
  cancel: 'Cancel',
  copy: 'Copy',
  copied: 'Copied',
  loading: 'Loading…',
  menu: 'Conversations',
  places: 'More pages',
  skip: 'Skip to the content',
  theme: 'Light or dark',
  switchLanguage: '中文',
  // Start
  unreachable: 'CoPaw does not answer.',
  /** What the server says; undefined where there are no words for it, or not yet. */
  said: inEnglish,
  /** A failure for which there are none. */
  failure: (_code: string, said: string): string => said,
  /** What stands between two sentences. */
  gap: ' ',
  /** Between things that are told in one line; `aside` goes behind one of them. */
  marks: { comma: ', ', list: ', ', semicolon: '; ', colon: ': ', aside: (text: string) => ` (${text})` },
  /** Of a code alone, where its words stand elsewhere in the language of the server. */
  failureWords: (_code: string): string | undefined => undefined,
  unreachableNext: 'Is it still running? Start it with `copaw start`, then try again.',
  loginTitle: 'Log in to CoPaw',
  loginText: 'This browser is not logged in. Run this command on the machine where CoPaw runs; it opens a link that logs this browser in.',
  loginDead: 'This login link has expired or was used before. A link works once, for a minute. Run this command for a fresh one:',
  loginNotKept:
    'This browser lets this page store nothing, so it is logged in only until the page is closed or loaded again. Allow this address to store data, then log in again.',
  loginReady: 'The notice is accepted and CoPaw is ready. Use the new link that it has printed, or run:',
  loginCheck: 'Look again',
  loginBusy: 'Too many wrong links were tried. Wait a minute, then run:',
  setupTitle: 'Before CoPaw starts',
  setupText: 'Please read this first. Nothing has been written to disk yet, and nothing runs before you accept.',
  setupNoCode: 'CoPaw waits for its first start. Open the link that it printed in its terminal; the link carries the setup code.',
  setupDead: 'This setup link is not valid. Open the link that CoPaw printed when it started.',
  accept: 'I have read this and accept',
  accepting: 'Starting CoPaw…',
  // Sessions
  conversations: 'Conversations',
  newChat: 'New conversation',
  noChats: 'No conversations yet.',
  moreChats: 'Show earlier ones',
  untitled: 'Untitled',
  running: 'Working',
  waitsForYou: 'Waits for your answer',
  from: (channel: string) => `From ${channel}`,
  // Header
  offlineModel: 'Offline model',
  offlineTitle: 'No model is configured: the built-in one answers simple requests only.',
  storage: (state: string): string => (state === 'full' ? 'The disk is full: nothing new is accepted' : 'The disk cannot be written to'),
  sandbox: (kind: string): string => (kind === 'none' || kind === 'off' ? 'No sandbox' : 'Sandboxed'),
  sandboxTitle: (kind: string): string =>
    kind === 'off'
      ? 'The sandbox is switched off in config.json: every command asks you first, and runs with your rights.'
      : kind === 'none'
        ? 'This machine offers no sandbox: every command asks you first.'
        : kind === 'full' || kind === 'seatbelt'
          ? 'Commands run in an operating-system sandbox without network.'
          : 'Commands run in an operating-system sandbox without its own process list.',
  models: 'Models',
  today: (tokens: string, cost: string | undefined) => `Today: ${tokens} tokens${cost === undefined ? '' : `, ${cost}`}`,
  spent: (tokens: string, cost: string | undefined) => `${tokens} tokens${cost === undefined ? '' : `, ${cost}`}`,
  // Chat
  conversation: 'Conversation',
  message: 'Message',
  placeholder: 'Write to CoPaw…',
  composerHint: 'Enter sends, Shift+Enter begins a new line',
  send: 'Send',
  stop: 'Stop',
  welcome: 'Welcome to CoPaw',
  greeting: 'What can I do for you?',
  greetingText:
    'I read and write files in my workspace, run commands in a sandbox, look up web pages and remember what you tell me. I ask before anything that could leave it.',
  greetingOffline: 'No model is configured yet. I can tell the time, look at my workspace and set reminders. With a model I can do the rest.',
  addModel: 'Add a model',
  suggestions: ['What can you do?', 'What files are in your workspace?', 'What time is it?'],
  loadEarlier: 'Show earlier messages',
  beginning: 'The beginning of this conversation',
  showAll: (count: string): string => `Show all: ${count} more characters`,
  toLatest: 'To the latest message',
  sending: 'Sending…',
  queued: 'Will be read next',
  notSent: 'Not sent.',
  takeBack: 'Back into the field',
  discard: 'Discard',
  thinking: 'Thinking',
  thought: 'Thoughts',
  working: 'CoPaw is working',
  answeredLive: 'CoPaw has answered',
  endedLive: { cancelled: 'CoPaw has stopped', refused: 'CoPaw has refused', interrupted: 'CoPaw was interrupted', failed: 'CoPaw could not answer' },
  reconnecting: 'The connection was lost. Reconnecting…',
  attachments: 'Files',
  reminder: 'Reminder',
  youSaid: 'You',
  ended: { cancelled: 'Stopped.', refused: 'Refused.', interrupted: 'Interrupted before it was done.', failed: 'Not done.' },
  reference: (id: string) => `Reference ${id}`,
  // Tools
  toolState: {
    waiting: 'Waiting',
    running: 'Running',
    ok: 'Done',
    failed: 'Failed',
    denied: 'Refused',
    cancelled: 'Stopped',
    unknown: 'Interrupted; it may have happened',
  },
  toolArguments: 'Arguments',
  toolOutput: 'Output',
  toolResult: 'Result',
  toolDiff: 'Changes',
  toolFull: (path: string) => `The whole output is in ${path} in the workspace.`,
  // Approvals
  approvalTitle: 'CoPaw asks for your permission',
  approvalWarnings: 'Look closely',
  /** Of a server that speaks English. */
  approvalPlan: 'The whole plan',
  approvalUntil: (time: string) => `Without an answer by ${time} it is not done.`,
  approvalLeft: (left: string) => `${left} left.`,
  allowOnce: 'Allow once',
  allowTask: 'This task',
  allowAlways: 'Always',
  deny: 'Deny',
  approvalAnswer: {
    once: 'Allowed once',
    task: 'Allowed for this task',
    always: 'Always allowed',
    deny: 'Denied',
    expired: 'Not answered in time; it was not done',
  },
  effect: {
    read: 'Read a file',
    write: 'Write a file',
    delete: 'Move to the trash',
    run: 'Run a command',
    runNetwork: 'Run a command with network access',
    runOutside: 'Run a command outside the sandbox',
    net: 'Fetch from the web',
    memory: 'Use its memory',
    send: 'Send a message elsewhere',
    schedule: 'Plan something for later',
    secret: 'Use a secret',
    agent: 'Start another agent',
    opaque: 'Do something CoPaw cannot look into',
  },
  pageTitles: {
    inbox: 'Inbox',
    activity: 'Activity',
    messages: 'Messages',
    logs: 'Log',
    reminders: 'Reminders',
    memory: 'Memory',
    channels: 'Channels',
    people: 'People',
    security: 'Security',
    permissions: 'Permissions',
    agents: 'Agents',
    skills: 'Skills',
    backups: 'Backups',
    usage: 'Usage',
    settings: 'Settings',
    about: 'About',
    models: 'Models',
  } satisfies Record<PageName, string>,
  activityPages: 'What happened',
  backToChat: 'Back to the conversation',
  remove: 'Remove',
  removeConfirm: 'Remove for good',
  elsewhere: 'This conversation is on a chat channel.',
  sayThere: {
    open: 'Say something there, as CoPaw',
    field: 'What CoPaw says in that chat',
    note: 'Everybody in that chat reads it. No model answers.',
  },
  frame,
  sight,
  undo,
  commands,
  compaction,
  files,
  model,
  content,
  sessions,
  turns,
};
