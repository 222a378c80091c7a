// Who is called what now. An answer for an account goes to the nick that has it at that moment, and to nobody who took the nick since.

const most = 1_000;
/** So long after it spoke a nick counts as still being whose it was; then the server is asked. */
const freshMs = 10_000;

export interface People {
  spoke(account: string, nick: string, now: number): void;
  renamed(from: string, to: string): void;
  left(nick: string): void;
  /** The nick that surely has the account, or the one to ask the server about. */
  nickOf(account: string, now: number): { readonly nick: string; readonly sure: boolean };
}

export function createPeople(foldName: (name: string) => string): People {
  const known = new Map<string, { readonly nick: string; readonly at: number }>();
  const of = (nick: string) => [...known].filter(([, one]) => foldName(one.nick) === foldName(nick));
  return {
    spoke(account, nick, now) {
      known.delete(account);
      known.set(account, { nick, at: now });
      for (const oldest of known.keys()) if (known.size > most) known.delete(oldest);
    },
    renamed(from, to) {
      for (const [account, { at }] of of(from)) known.set(account, { nick: to, at });
    },
    left(nick) {
      for (const [account] of of(nick)) known.delete(account);
    },
    nickOf(account, now) {
      const { nick = account, at = Number.NEGATIVE_INFINITY } = known.get(account) ?? {};
      return { nick, sure: now - at < freshMs };
    },
  };
}
