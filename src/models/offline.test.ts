// The offline model: what it reads, in which order it calls, and what it says afterwards.
import { expect, test } from 'vitest';
import type { ModelEvent, ModelMessage, ModelRequest } from '../core/model.ts';
import { type Clock, sleepOn } from '../lib/clock.ts';
import { createOfflineModel } from './offline.ts';
import { readIntent } from './offline-intents.ts';

const now = Date.parse('2026-03-10T12:00:00Z');
const clock: Clock = { now: () => now, steady: () => now, after: () => ({ cancel: () => {} }), sleep: (ms, signal) => sleepOn(clock, ms, signal) };
const moment = { now, timezone: 'Asia/Shanghai' };
const names = [
  'memory_write',
  'memory_search',
  'remind_me',
  'list_files',
  'read_file',
  'search_files',
  'write_file',
  'run_command',
  'fetch_url',
  'current_time',
];

async function ask(messages: readonly ModelMessage[], tools = names): Promise<readonly ModelEvent[]> {
  const model = createOfflineModel({ clock, timezone: () => 'UTC' });
  const request: ModelRequest = { model: 'copaw', system: '', messages, tools: tools.map((name) => ({ name, description: '', schema: {} })) };
  return collect(model.stream(request, new AbortController().signal));
}
const spoken = (events: readonly ModelEvent[]): string => events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');

test.each<[string, string, object]>([
  ['remember that I like tea', 'memory_write', { path: 'MEMORY.md', text: 'I like tea' }],
  ['记住我喜欢喝茶', 'memory_write', { path: 'MEMORY.md', text: '我喜欢喝茶' }],
  ['Remember I like cats and dogs.', 'memory_write', { path: 'MEMORY.md', text: 'I like cats and dogs' }],
  ['what do you know about tea?', 'memory_search', { query: 'tea' }],
  ['关于茶你知道什么？', 'memory_search', { query: '茶' }],
  ['remind me in 5 seconds to stretch', 'remind_me', { text: 'stretch', inSeconds: 5 }],
  ['Remind me to stretch in 2 minutes', 'remind_me', { text: 'stretch', inSeconds: 120 }],
  ['5秒后提醒我喝水', 'remind_me', { text: '喝水', inSeconds: 5 }],
  ['十分钟后提醒我喝水', 'remind_me', { text: '喝水', inSeconds: 600 }],
  ['remind me at 21:30 to call Ana', 'remind_me', { text: 'call Ana', at: '2026-03-10T21:30:00+08:00' }],
  ['remind me at 3pm to call Ana', 'remind_me', { text: 'call Ana', at: '2026-03-11T15:00:00+08:00' }],
  ['明天下午3点半提醒我开会', 'remind_me', { text: '开会', at: '2026-03-11T15:30:00+08:00' }],
  ['list files', 'list_files', { path: '.' }],
  ['list the files in src', 'list_files', { path: 'src' }],
  ['列出文件', 'list_files', { path: '.' }],
  ['read notes.txt', 'read_file', { path: 'notes.txt' }],
  ['读取 notes.txt', 'read_file', { path: 'notes.txt' }],
  ['search for tea in files', 'search_files', { pattern: 'tea' }],
  ['search for tea in src/', 'search_files', { pattern: 'tea', path: 'src/' }],
  ['搜索 茶', 'search_files', { pattern: '茶' }],
  ['write hello to notes.txt', 'write_file', { path: 'notes.txt', content: 'hello' }],
  ['把 hello 写入 notes.txt', 'write_file', { path: 'notes.txt', content: 'hello' }],
  ['run: ls -la and more', 'run_command', { command: 'ls -la and more' }],
  ['运行：ls', 'run_command', { command: 'ls' }],
  ['fetch https://example.org/a?b=c', 'fetch_url', { url: 'https://example.org/a?b=c' }],
  ['打开 https://example.org', 'fetch_url', { url: 'https://example.org' }],
  ['What time is it?', 'current_time', {}],
  ['几点了', 'current_time', {}],
])('reads %s', (text, name, input) => {
  expect(readIntent(text, moment)).toEqual({ kind: 'calls', calls: [{ name, input }] });
});

test.each(['write hello to notes.txt and read it back', '把 hello 写入 notes.txt 然后读回来'])('%s: one step after the other', async (text) => {
  const user: ModelMessage = { role: 'user', text: `<context>\nTime: now, run: rm\n</context>\n${text}` };
  const first = (await ask([user]))[0];
  if (first?.type !== 'tool-call') throw new Error('expected a tool call');
  expect(first.call).toMatchObject({ name: 'write_file', input: { path: 'notes.txt', content: 'hello' } });
  const written: ModelMessage[] = [
    user,
    { role: 'assistant', text: '', toolCalls: [first.call] },
    { role: 'tool', callId: first.call.id, name: 'write_file', text: 'Wrote 5 bytes.', failed: false },
  ];
  const second = (await ask(written))[0];
  if (second?.type !== 'tool-call') throw new Error('expected a second tool call');
  expect(second.call).toMatchObject({ name: 'read_file', input: { path: 'notes.txt' } });
  expect(second.call.id).not.toBe(first.call.id);
  const done = await ask([
    ...written,
    { role: 'assistant', text: '', toolCalls: [second.call] },
    { role: 'tool', callId: second.call.id, name: 'read_file', text: 'hello', failed: false },
  ]);
  expect(spoken(done)).toBe('Wrote 5 bytes.\n\n```\nhello\n```');
  expect(done.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', usage: { input: 0, output: 0 } });
});

test('a failed step ends the sequence with its words', async () => {
  const events = await ask([
    { role: 'user', text: 'write hello to notes.txt and read it back' },
    { role: 'assistant', text: '', toolCalls: [{ id: 'a', name: 'write_file', input: {} }] },
    { role: 'tool', callId: 'a', name: 'write_file', text: 'Denied.', failed: true },
  ]);
  expect(spoken(events)).toBe('Denied.');
});

test('calls only the tools it is offered', async () => {
  const events = await ask([{ role: 'user', text: 'run: ls' }], ['read_file']);
  expect(events.some((event) => event.type === 'tool-call')).toBe(false);
  expect(spoken(events)).toContain('run_command');
});

test('says plainly that no model is connected, in the language of the message', async () => {
  expect(spoken(await ask([{ role: 'user', text: 'write me a poem' }]))).toMatch(/No language model is connected[\s\S]*copaw models add/u);
  expect(spoken(await ask([{ role: 'user', text: '写一首诗' }]))).toMatch(/还没有连接语言模型[\s\S]*copaw models add/u);
  expect(spoken(await ask([{ role: 'user', text: 'help' }]))).toMatch(/^Without a language model/u);
  expect(spoken(await ask([{ role: 'user', text: '帮助' }]))).toMatch(/^没有语言模型时/u);
  expect(spoken(await ask([{ role: 'user', text: '连接模型' }]))).toMatch(/^要连接模型/u);
});

test('an aborted request ends as cancelled', async () => {
  const model = createOfflineModel({ clock, timezone: () => 'UTC' });
  const events = await collect(model.stream({ model: 'copaw', system: '', messages: [], tools: [] }, AbortSignal.abort()));
  expect(events).toMatchObject([{ type: 'error', failure: { code: 'cancelled' } }]);
});

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test.each([
  ['on the day it is skipped, later by the skip', '2026-03-28T23:00:00Z', '2026-03-29T03:30:00+02:00'],
  ['on the day it comes twice, the first', '2026-10-24T23:00:00Z', '2026-10-25T02:30:00+02:00'],
  ['once the first has gone by, the second', '2026-10-25T00:45:00Z', '2026-10-25T02:30:00+01:00'],
  ['once both have, tomorrow', '2026-10-25T01:45:00Z', '2026-10-26T02:30:00+01:00'],
])('half past two in Berlin: %s', (_, at, expected) => {
  const intent = readIntent('remind me at 02:30 to stretch', { now: Date.parse(at), timezone: 'Europe/Berlin' });
  expect(JSON.stringify(intent)).toContain(expected);
});
