// Whom an answer goes to, against a server that is made up: it is asked, it watches, and it says when a nick was given up.
import { expect, test } from 'vitest';
import { createFakeClock } from '../../testing/fake-clock.ts';
import { parseLine } from './line.ts';
import { createOutgoing, type Outgoing } from './outgoing.ts';
import { createPeople } from './people.ts';

/** Everybody has the account of their nick. `also`: what the server says right behind its answer to a line. */
function setUp(supports: Readonly<Record<string, string>>, also: (line: string) => readonly string[] = () => []) {
  const written: string[] = [];
  const folded = (name: string): string => name.toLowerCase();
  const hear = (text: string): void => {
    const line = parseLine(text);
    if (line) outgoing.answered(line);
  };
  const outgoing: Outgoing = createOutgoing({
    ...{ clock: createFakeClock(), lineMs: 0, byNick: false, people: createPeople(folded), over: new AbortController().signal, folded },
    nick: () => 'copaw',
    supports: (token) => supports[token],
    write(...line) {
      const text = line.join(' ');
      written.push(text);
      if (line[0] === 'WHOIS') hear(`:irc.test 330 copaw ${line[1]} ${line[1]} :is logged in as`);
      if (line[0] === 'PING') hear(`:irc.test PONG irc.test ${line[1]}`);
      for (const more of also(text)) hear(more);
    },
  });
  const say = (person: string, text = 'words'): Promise<void> => outgoing.say({ channel: 'irc', account: 'main', chat: person, peer: person }, text, 'a');
  return { say, lines: () => written.splice(0).filter((line) => !line.startsWith('PING')) };
}

test('a watched nick is asked about once; one that is not, each time', async () => {
  const watching = setUp({ MONITOR: '10' });
  await watching.say('ana');
  expect(watching.lines()).toEqual(['MONITOR + ana', 'WHOIS ana', 'PRIVMSG ana words']);
  await watching.say('ana');
  expect(watching.lines()).toEqual(['PRIVMSG ana words']);
  const blind = setUp({});
  await blind.say('ana');
  await blind.say('ana');
  expect(blind.lines()).toEqual(['WHOIS ana', 'PRIVMSG ana words', 'WHOIS ana', 'PRIVMSG ana words']);
});

test('as many are watched as the server allows; where it has no room, all are asked about again', async () => {
  const { say, lines } = setUp({ MONITOR: '2' });
  for (const person of ['ana', 'ben', 'eve']) await say(person);
  expect(lines().filter((line) => line.startsWith('MONITOR'))).toEqual(['MONITOR + ana', 'MONITOR + ben', 'MONITOR C', 'MONITOR + eve']);
  await say('ana');
  expect(lines()).toEqual(['MONITOR + ana', 'WHOIS ana', 'PRIVMSG ana words']);
  const full = setUp({ MONITOR: '' }, (line) => (line.startsWith('MONITOR') ? [':irc.test 734 copaw 0 ana :Monitor list is full.'] : []));
  await full.say('ana');
  await full.say('ana');
  expect(full.lines().filter((line) => line === 'WHOIS ana')).toHaveLength(2);
});

test('given up while the server is asked, and while lines leave', async () => {
  const gone = ':irc.test 731 copaw :ana,eve';
  const asked = setUp({ MONITOR: '' }, (line) => (line.startsWith('WHOIS') ? [gone] : []));
  await expect(asked.say('ana')).rejects.toMatchObject({ code: 'channel-down', retryable: true });
  expect(asked.lines()).toEqual(['MONITOR + ana', 'WHOIS ana']);
  const leaving = setUp({ MONITOR: '' }, (line) => (line.endsWith(' two') ? [gone] : []));
  await expect(leaving.say('ana', 'one\ntwo\nthree')).rejects.toMatchObject({ code: 'channel-down', retryable: false });
  expect(leaving.lines().filter((line) => line.startsWith('PRIVMSG'))).toEqual(['PRIVMSG ana one', 'PRIVMSG ana two']);
});
