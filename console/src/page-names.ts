// The names of the pages, apart from all that needs a browser.

/** Pages beside the conversations, in the order of the list. */
export const pageNames = ['messages', 'reminders', 'memory', 'people', 'security', 'permissions', 'backups', 'models'] as const;
export type PageName = (typeof pageNames)[number];
