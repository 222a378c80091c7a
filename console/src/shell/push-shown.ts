// What a push message asks the worker to show. It was sealed for this browser by CoPaw; even so it leads nowhere but into the console.

export interface Shown {
  readonly id: string;
  /** A later one of the same tag takes its place. */
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly hash: string;
  /** Without a sound: it only takes back what was shown. */
  readonly silent: boolean;
  /** Also while somebody looks. */
  readonly always: boolean;
}

/** The Inbox, or a conversation. */
const places = /^#\/(?:inbox|s\/[A-Za-z0-9_-]{1,64})$/u;

/** A browser wants to see something for each message: one that cannot be read only says whose it is. */
export function pushShown(text: string): Shown {
  const found = read(text);
  const word = (key: string): string => (typeof found[key] === 'string' ? found[key] : '');
  const hash = word('hash');
  return {
    id: word('id'),
    tag: word('tag') || 'copaw',
    title: word('title') || 'CoPaw',
    body: word('body'),
    hash: places.test(hash) ? hash : '#/inbox',
    silent: found.silent === true,
    always: found.always === true,
  };
}

function read(text: string): Readonly<Record<string, unknown>> {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
