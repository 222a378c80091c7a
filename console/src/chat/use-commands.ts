// Completion in the composer: which commands fit, which one is chosen, and what a key does to them.
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useLive, useLiveState } from '../live/use-live.ts';
import { type Command, completed, isWhole, matchCommands, unknownName } from './command-match.ts';

const none: readonly Command[] = [];

export function useCommands(
  text: string,
  write: (text: string) => void,
): {
  /** Empty where there is nothing to offer. */
  readonly commands: readonly Command[];
  readonly chosen: Command | undefined;
  /** The name of what only looks like a command. */
  readonly unknown: string | undefined;
  choose(command: Command): void;
  take(command: Command): void;
  /** Until the text changes. */
  close(): void;
  /** Whether it was a key of the list; what was, does nothing else. */
  onKey(event: KeyboardEvent): boolean;
} {
  const live = useLive();
  const all = useLiveState((state) => state.commands) ?? none;
  // What was done with the list counts for the text it was done at; a draft that was left opens none.
  const [list, setList] = useState<{ readonly text: string; readonly closed: boolean; readonly name?: string }>({ text, closed: true });
  if (list.text !== text) setList({ text, closed: false });
  const typing = text.startsWith('/');
  useEffect(() => {
    if (typing) void live.commands();
  }, [live, typing]);
  const commands = list.text === text && list.closed ? none : matchCommands(all, text);
  const at = Math.max(
    0,
    commands.findIndex(({ name }) => name === list.name),
  );
  const chosen = commands[at];
  const take = (command: Command): void => {
    write(completed(command));
    setList({ text: completed(command), closed: true });
  };
  const choose = ({ name }: Command): void => setList({ text, closed: false, name });
  const close = (): void => setList({ text, closed: true });
  const onKey = (event: KeyboardEvent): boolean => {
    if (!chosen || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return false;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        choose(commands.at((at + (event.key === 'ArrowDown' ? 1 : -1)) % commands.length) ?? chosen);
        return true;
      case 'Escape':
        close();
        return true;
      case 'Enter':
        if (isWhole(chosen, text)) return false;
        take(chosen);
        return true;
      case 'Tab':
        take(chosen);
        return true;
      default:
        return false;
    }
  };
  return { commands, chosen, unknown: unknownName(all, text), choose, take, close, onKey };
}
