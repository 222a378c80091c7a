// The list shows while a command's name is typed, and never in anything else that begins with a slash.
import { expect, test } from 'vitest';
import { type Command, completed, isWhole, matchCommands, unknownName } from './command-match.ts';

const command = (name: string, takes?: string): Command => ({
  ...{ name, whose: 'everyone', says: { en: '', zh: '' } },
  ...(takes === undefined ? {} : { takes: { en: takes, zh: takes } }),
});
const model = command('model', '[provider/model | default]');
const steer = command('steer', 'a message');
const commands = [command('help'), model, command('status'), command('stop'), steer];
const names = (text: string): string =>
  matchCommands(commands, text)
    .map(({ name }) => name)
    .join(' ');

test.each([
  ['/', 'help model status stop steer'],
  ['/st', 'status stop steer'],
  ['/ST', 'status stop steer'],
  ['/stop', 'stop'],
  ['/stop ', ''],
  ['/model x', ''],
  ['/etc/hosts', ''],
  ['//', ''],
  ['a /st', ''],
  [' /st', ''],
  ['/st\n', ''],
  ['', ''],
])('%j offers "%s"', (text, expected) => expect(names(text)).toBe(expected));

test.each([
  ['/histroy', 'histroy'],
  ['/histroy of it', 'histroy'],
  ['/st', undefined],
  ['/st x', 'st'],
  ['/steer on', undefined],
  ['/STEER on', 'STEER'],
  ['/stop\nnow', undefined],
  ['/', undefined],
  ['/etc/hosts', undefined],
  ['/2', undefined],
  ['see /histroy', undefined],
])('%j has the name of no command: %s', (text, expected) => {
  expect(unknownName(commands, text)).toBe(expected);
  expect(unknownName([], text)).toBeUndefined();
});

test('what takes more words leaves room for them, and is whole only where they may be left out', () => {
  expect([completed(command('help')), completed(model), completed(steer)]).toEqual(['/help', '/model ', '/steer ']);
  expect([isWhole(model, '/model'), isWhole(model, '/MODEL'), isWhole(model, '/mod'), isWhole(steer, '/steer'), isWhole(command('help'), '/help')]).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});
