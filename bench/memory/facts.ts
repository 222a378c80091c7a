// Facts about made-up people, planted among the notes: what happened on which day, what changed and when, what takes two notes to answer.
import type { Random } from './random.ts';
import { dayBefore, type Notes, type Question } from './world.ts';

const given =
  words(`Amara Bruno Chloe Dmitri Elif Farid Greta Hiro Ines Jonas Kavya Leon Mireille Nadia Oskar Priya Quentin Rosa Stefan Tomoko Ulrich Vera Wanda Xavier
Yasmin Zoltan Anselm Beatriz Cosima Desmond`);
const family =
  words(`Abernathy Bianchi Castellano Drummond Eriksen Fontaine Gustafsson Haverford Ivanenko Jankowski Kowalczyk Lindqvist Marchetti Nakamura Oyelaran Petrescu
Quigley Rasmussen Szymanski Thorvald Umarov Villanueva Wetherby Xanthopoulos Yilmaz Zielinski Almeida Brankovic Cavendish Dubrovsky`);
const cities = words(
  'Lisbon Porto Helsinki Tbilisi Osaka Valparaiso Montreal Krakow Antwerp Ljubljana Dakar Hanoi Bergen Seville Tallinn Galway Utrecht Zagreb Leipzig Nantes',
);
const firms = words(
  'Northwind Bluepeak Castellum Dovetail Evergrove Fernhill Granite Harborlight Ironbark Juniper Kestrel Lumenforge Meridian Nimbus Oakhurst Pinnacle',
);
const dishes = words('ramen goulash paella pierogi lasagna moussaka bibimbap falafel risotto ceviche tagine fondue');
const topics =
  words(`beekeeping astronomy pottery woodworking calligraphy sailing fencing gardening genealogy origami falconry typography mushrooms glaciers puppetry
cartography perfumes lighthouses tapestry volcanoes`);
const inChinese = words('北京 上海 杭州 成都 深圳 西安 南京 厦门 青岛 昆明');
const months = words('January February March April May June July August September October November December');

function words(text: string): string[] {
  return text.split(/\s+/u);
}

/** What can change about a person: how it is noted, and how it is asked in other words. */
const attributes = [
  {
    note: (who: string, value: string) => `${who} moved to ${value}.`,
    now: (who: string) => `Where does ${who} live now?`,
    past: (who: string) => `Where did ${who} live`,
    values: cities,
  },
  {
    note: (who: string, value: string) => `${who} works at ${value} these days.`,
    now: (who: string) => `Which company does ${who} work for currently?`,
    past: (who: string) => `Which company did ${who} work for`,
    values: firms,
  },
  {
    note: (who: string, value: string) => `Favourite dish of ${who}: ${value}.`,
    now: (who: string) => `What is ${who}'s favorite dish now?`,
    past: (who: string) => `What was ${who}'s favorite dish`,
    values: dishes,
  },
] as const;

const helpers = ['dentist', 'landlord', 'accountant', 'piano teacher', 'lawyer', 'vet'] as const;

export function plantFacts(notes: Notes, random: Random, each: number): Question[] {
  const people = random.shuffle(given.flatMap((first) => family.map((last) => `${first} ${last}`)));
  const person = (): string => {
    const next = people.pop();
    if (next === undefined) throw new Error('There are not enough names for so many questions.');
    return next;
  };
  const daily = (back: number): string => `memory/${dayBefore(back)}.md`;
  return [
    ...changes(notes, random, each, person, daily),
    ...meetings(notes, random, each, person, daily),
    ...links(notes, random, each, person, daily),
    ...mixed(notes, random, each, person, daily),
    ...unknown(random, Math.ceil(each / 2), person),
  ];
}

type Person = () => string;
type Daily = (back: number) => string;

/** Three values over time: half in the notes of their days, half in a list whose replaced points are struck through. */
function changes(notes: Notes, random: Random, each: number, person: Person, daily: Daily): Question[] {
  const questions: Question[] = [];
  for (let made = 0; made < each; made++) {
    const who = person();
    const { note, now, past, values } = random.pick(attributes);
    const backs = [900 - random.below(200), 600 - random.below(200), 250 - random.below(200)] as const;
    const said = random.shuffle(values).slice(0, 3);
    const struck = made % 2 === 1;
    const places = said.map((value, at) => {
      const [back, next] = [backs[at] ?? 0, backs[at + 1]];
      const text = note(who, value);
      if (!struck) return notes.add(daily(back), text);
      return notes.point(
        'memory/people.md',
        next === undefined ? `- ${dayBefore(back)} ${text}` : `- ~~${dayBefore(back)} ${text}~~ (until ${dayBefore(next)})`,
      );
    });
    const place = (at: number) => places.slice(at, at + 1);
    questions.push({ kind: 'superseded', text: now(who), gold: place(2) });
    const at = random.below(3);
    const [from, to] = [backs[at] ?? 0, backs[at + 1] ?? 0];
    const day = dayBefore(from - 1 - random.below(Math.max(1, from - to - 2)));
    questions.push({ kind: 'as-of', text: random.next() < 0.5 ? `${past(who)} as of ${day}?` : `${past(who)} as of ${inWords(day)}?`, gold: place(at) });
  }
  return questions;
}

function inWords(day: string): string {
  const [year = '', month = '1', date = '1'] = day.split('-');
  return `${Number(date)} ${months[Number(month) - 1]} ${year}`;
}

/** The same people on many days; only the day tells which time is meant. */
function meetings(notes: Notes, random: Random, each: number, person: Person, daily: Daily): Question[] {
  const questions: Question[] = [];
  const perPerson = 30;
  while (questions.length < each) {
    const who = person();
    const backs = random.shuffle(Array.from({ length: 36 }, (_, month) => 12 + month * 30 + random.below(20))).slice(0, perPerson);
    const met = backs.map((back) => ({ day: dayBefore(back), place: notes.add(daily(back), `Lunch with ${who}, who told me about ${random.pick(topics)}.`) }));
    for (const { day } of random.shuffle(met).slice(0, 3)) {
      if (questions.length === each) break;
      const [year = '', month = '1', date = '1'] = day.split('-');
      const name = months[Number(month) - 1];
      const asks = [
        [`on ${Number(date)} ${name} ${year}`, day],
        [`on ${name} ${Number(date)}, ${year}`, day],
        [`on ${day}`, day],
        [`in ${name} ${year}`, day.slice(0, 7)],
        ...(year === '2025' && Number(month) > 6 ? [[`last ${name}`, day.slice(0, 7)]] : []),
      ] as const;
      const [when, start] = random.pick(asks);
      const gold = met.filter((other) => other.day.startsWith(start ?? '')).map(({ place }) => place);
      questions.push({ kind: 'date-bound', text: `What did ${who} tell me about at lunch ${when}?`, gold });
    }
  }
  return questions;
}

/** One note names somebody, another tells about them. */
function links(notes: Notes, random: Random, each: number, person: Person, daily: Daily): Question[] {
  return Array.from({ length: each }, () => {
    const [who, other] = [person(), person()];
    const helper = random.pick(helpers);
    const back = 20 + random.below(1_000);
    const first = notes.add(daily(back), `${who} has a new ${helper}, ${other}.`);
    const number = `${100 + random.below(900)} ${1000 + random.below(9000)}`;
    const second = notes.add(`memory/contacts/${other.replaceAll(' ', '-')}.md`, `${other}, ${random.pick(cities)}: phone ${number}, closed on Fridays.`);
    return { kind: 'two-notes', text: `What is the phone number of ${who}'s ${helper}?`, gold: [first, second], all: true };
  });
}

function mixed(notes: Notes, random: Random, each: number, person: Person, daily: Daily): Question[] {
  return Array.from({ length: each }, (_, made) => {
    const [who, city, topic] = [person(), random.pick(inChinese), random.pick(topics)];
    const place = notes.add(daily(20 + random.below(1_000)), `和${who}在${city}开会，讨论了${topic}的预算。`);
    return { kind: 'mixed', text: made % 2 === 0 ? `${who}在${city}讨论了什么?` : `meeting with ${who} about ${topic} 预算`, gold: [place] };
  });
}

/** People of whom nothing was noted, asked for as all others are. */
function unknown(random: Random, count: number, person: Person): Question[] {
  return Array.from({ length: count }, () => {
    const who = `${person().split(' ')[0]}a ${random.pick(family).split('').reverse().join('').toLowerCase()}`;
    const text = random.next() < 0.5 ? random.pick(attributes).now(who) : `What is the phone number of ${who}'s ${random.pick(helpers)}?`;
    return { kind: 'no-answer', text, gold: [] };
  });
}
