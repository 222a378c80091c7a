import { describe, expect, test } from 'vitest';
import { editConfigText } from './edit-config.ts';

const edited = (text: string, path: readonly string[], value: unknown) => JSON.parse(editConfigText(text, { path, value }));

describe('a change of config.json', () => {
  test('the agent that was there unwritten stays when a second one is written down', () => {
    expect(edited('{}', ['agents', 'family', 'name'], 'Family')).toEqual({ agents: { main: {}, family: { name: 'Family' } } });
    expect(Object.keys(edited('{}', ['agents', 'family'], {}).agents)).toEqual(['main', 'family']);
  });

  test('whoever wrote agents down said which there are', () => {
    expect(edited('{"agents":{"ada":{}}}', ['agents', 'family'], {})).toEqual({ agents: { ada: {}, family: {} } });
    expect(edited('{}', ['agents'], { ada: {} })).toEqual({ agents: { ada: {} } });
    expect(edited('{}', ['agents', 'main', 'name'], 'Ada')).toEqual({ agents: { main: { name: 'Ada' } } });
    expect(edited('{}', ['agents', 'family'], undefined)).toEqual({});
  });
});
