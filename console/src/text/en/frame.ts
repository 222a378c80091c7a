// Words of the frame: the line of state, the banners, what waits, and the way to the palette.
import type { OperatorStatus } from '../../../../src/http/contract.ts';

type Source = NonNullable<OperatorStatus['window']>['source'];

const count = (number: number, one: string, many: string): string => (number === 1 ? one : `${number} ${many}`);

export const frame = {
  goTo: 'Go to, or do',
  shortcuts: 'Keyboard shortcuts',
  state: 'State of CoPaw',
  connected: 'Connected',
  connecting: 'Connecting',
  reconnect: 'Not connected: try now',
  modelTrouble: (words: string) => `The model did not answer: ${words}`,
  modelMissing: 'No model',
  modelDown: 'Model fails',
  window: (tokens: string, source: Source) =>
    `${tokens} tokens (${{ declared: 'as configured', list: 'as its provider lists it', refusal: 'as its provider said when it refused more', default: 'assumed' }[source]})`,
  storageFine: 'Disk has room',
  running: (number: number) => (number === 0 ? 'Nothing is running' : count(number, '1 answer is being written', 'answers are being written')),
  waiting: (number: number) => (number === 0 ? 'Nothing waits for you' : count(number, '1 thing waits for you', 'things wait for you')),
  stillWorks: 'What is open can be read. What you send waits here, and goes out once CoPaw answers.',
  tryNow: 'Try now',
  waitsToSend: 'Goes out when CoPaw answers',
  otherLogin: 'It was written under another login. Try again sends it to the CoPaw that this page shows now.',
  newVersion: 'A new version of the console is ready.',
  loadIt: 'Load it',
};
