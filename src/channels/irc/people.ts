// Who is called what now. An answer for an account goes to the nick that has it at that moment, and to nobody who took the nick since.

const most = 1_000;
/** So long what the server said counts as fresh. */
const freshMs = 10_000;

export interface People {
  /** The server says that this nick has the account. */
  spoke(account: string, nick: string, now: number): void;
  renamed(from: string, to: string): void;
  left(nick: string): void;
  /** The nick that has the account as the server said, just now where it is `fresh`; else the one to guess. */
  nickOf(account: string, now: number): { readonly nick: string; readonly known: boolean; readonly fresh: boolean };
  /** Whoever has this nick now, until the next call: what the nick becomes, and undefined once it was given up. */
  follow(nick: string): { readonly nick: string | undefined };
}

export function createPeople(foldName: (name: string) => string): People {
  const known = new Map<string, { readonly nick: string; readonly at: number }>();
  let followed: { nick: string | undefined } = { nick: undefined };
  const isFollowed = (nick: string): boolean => followed.nick !== undefined && foldName(followed.nick) === foldName(nick);
  const of = (nick: string) => [...known].filter(([, one]) => foldName(one.nick) === foldName(nick));
  return {
    spoke(account, nick, now) {
      known.delete(account);
      known.set(account, { nick, at: now });
      for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    },
    renamed(from, to) {
      for (const [account, { at }] of of(from)) known.set(account, { nick: to, at });
      if (isFollowed(from)) followed.nick = to;
    },
    left(nick) {
      for (const [account] of of(nick)) known.delete(account);
      if (isFollowed(nick)) followed.nick = undefined;
    },
    nickOf(account, now) {
      const one = known.get(account);
      return one ? { nick: one.nick, known: true, fresh: now - one.at < freshMs } : { nick: account, known: false, fresh: false };
    },
    follow(nick) {
      followed = { nick };
      return followed;
    },
  };
}
