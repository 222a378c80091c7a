// The names of the pages, apart from all that needs a browser.

/** Pages beside the conversations, in the order of the list. */
export const pageNames = [
  ...(['inbox', 'activity', 'messages', 'logs', 'reminders', 'memory', 'channels', 'people', 'security', 'permissions', 'agents', 'skills'] as const),
  ...(['backups', 'usage', 'settings', 'about', 'models'] as const),
] as const;
export type PageName = (typeof pageNames)[number];

/** Pages about what happened: one place of the list, and beside each other on top of each. */
export const activityPages: readonly PageName[] = ['activity', 'messages', 'logs'];
