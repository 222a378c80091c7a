// The names of the pages, apart from all that needs a browser.

/** Pages beside the conversations, in the order of the list. */
export const pageNames = [
  ...(['inbox', 'activity', 'messages', 'logs', 'reminders', 'memory', 'channels', 'people', 'security', 'permissions', 'agents', 'models'] as const),
  ...(['skills', 'backups', 'usage', 'settings', 'about'] as const),
] as const;
export type PageName = (typeof pageNames)[number];

/** Pages about what happened: the first stands for all in the list, and they are beside each other on top of each. */
export const activityPages: readonly PageName[] = ['activity', 'messages', 'logs'];
