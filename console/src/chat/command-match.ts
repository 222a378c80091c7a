// What a half-written command may become. Only while the text is nothing but a "/" and the beginning of a name.
import type { Commands } from '../../../src/http/contract.ts';

export type Command = Commands['commands'][number];

/** Commands that begin with what was typed; none where no command is being typed. */
export function matchCommands(commands: readonly Command[], text: string): readonly Command[] {
  const typed = typedName(text);
  return typed === undefined ? [] : commands.filter(({ name }) => name.startsWith(typed.toLowerCase()));
}

/** The text with this command in it, and room for what may follow. */
export const completed = ({ name, takes }: Command): string => (takes === undefined ? `/${name}` : `/${name} `);

/** The text says this command already, and it needs no more words. */
export function isWhole({ name, takes }: Command, text: string): boolean {
  return text === `/${name}` && (takes === undefined || takes.en.startsWith('['));
}

/** What looks like a command and is the beginning of none: a message like any other. */
export function unknownName(commands: readonly Command[], text: string): string | undefined {
  const [, name, after] = /^\/([a-z]+)(\s|$)/iu.exec(text) ?? [];
  if (name === undefined || commands.length === 0) return undefined;
  const fits = (one: Command): boolean => (after === '' ? one.name.startsWith(name.toLowerCase()) : one.name === name);
  return commands.some(fits) ? undefined : name;
}

/** Undefined where the text is no beginning of a command. */
const typedName = (text: string): string | undefined => /^\/(\S*)$/u.exec(text)?.[1];
