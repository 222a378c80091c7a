// `copaw inbox …` and `copaw outbox …`: what arrived, what became of it, what went out, and another try.
import { CoPawError } from '../core/error.ts';
import {
  type ArrivedMessage,
  type InboxFilter,
  inboxFilters,
  type LifeStep,
  type MessageLife,
  type OutboxFilter,
  outboxFilters,
  type SentPart,
} from '../core/messages.ts';
import type { CommonOptions, Context } from './context.ts';
import { print, timeText } from './print.ts';
import { readyHome } from './ready-home.ts';
import { showLine } from './text.ts';

export interface ListOptions extends CommonOptions {
  readonly state: string;
  readonly lines: string;
  readonly before?: string;
}

export interface RetryOptions extends CommonOptions {
  readonly part: string;
  readonly evenIfSent?: boolean;
}

export interface SettleOptions extends CommonOptions {
  readonly undo?: boolean;
}

export async function listInbox(context: Context, options: ListOptions): Promise<number> {
  const messages = await (await open(context, options)).inbox({ show: oneOf<InboxFilter>(inboxFilters, options.state), ...paging(options) });
  return print(context, options, { messages }, () => {
    for (const message of messages) context.terminal.out(`${arrivedLine(message)}\n`);
    rest(context, options, messages);
  });
}

export async function showMessage(context: Context, key: string, options: CommonOptions): Promise<number> {
  return show(context, options, await (await open(context, options)).message(key));
}

export async function retryMessage(context: Context, key: string, options: CommonOptions): Promise<number> {
  const message = await (await open(context, options)).retryMessage(key);
  return print(context, options, { message }, () => context.terminal.out(`It is tried again as ${showLine(message.key)}\n`));
}

export async function listOutbox(context: Context, options: ListOptions): Promise<number> {
  const parts = await (await open(context, options)).outbox({ show: oneOf<OutboxFilter>(outboxFilters, options.state), ...paging(options) });
  return print(context, options, { parts }, () => {
    for (const part of parts) context.terminal.out(`${partLine(part)}\n`);
    rest(context, options, parts);
  });
}

export async function showAnswer(context: Context, answerId: string, options: CommonOptions): Promise<number> {
  return show(context, options, await (await open(context, options)).answer(answerId));
}

export async function retryPart(context: Context, answerId: string, options: RetryOptions): Promise<number> {
  if (!/^\d{1,6}$/u.test(options.part)) throw new CoPawError('usage', '--part takes a number; the first part is 0.');
  const part = await (await open(context, options)).retryPart(answerId, Number(options.part), options.evenIfSent === true);
  return print(context, options, { part }, () =>
    context.terminal.out(part.state === 'sent' ? `It was sent; its receipt is ${showLine(part.ref ?? '')}\n` : 'It goes out again.\n'),
  );
}

export async function settleMessage(context: Context, key: string, options: SettleOptions): Promise<number> {
  await (await open(context, options)).settleMessage(key, options.undo !== true);
  return saySettled(context, options);
}

export async function settleAnswer(context: Context, answerId: string, options: SettleOptions): Promise<number> {
  await (await open(context, options)).settleAnswer(answerId, options.undo !== true);
  return saySettled(context, options);
}

function saySettled(context: Context, options: SettleOptions): number {
  const settled = options.undo !== true;
  return print(context, options, { settled }, () => context.terminal.out(settled ? 'It waits for you no more.\n' : 'It waits for you again.\n'));
}

function open({ parts }: Context, options: CommonOptions) {
  return parts.messages(readyHome(parts, options.home));
}

function oneOf<T extends string>(names: readonly T[], given: string): T {
  const found = names.find((name) => name === given);
  if (found === undefined) throw new CoPawError('usage', `--state takes ${names.join(', ')}.`);
  return found;
}

function paging({ lines, before }: ListOptions): { readonly limit: number; readonly before?: number } {
  if (!/^\d{1,3}$/u.test(lines) || Number(lines) < 1 || Number(lines) > 500) throw new CoPawError('usage', '-n takes a number from 1 to 500.');
  if (before !== undefined && !/^\d{1,15}$/u.test(before)) throw new CoPawError('usage', '--before takes the number that the list ended with.');
  return { limit: Number(lines), ...(before === undefined ? {} : { before: Number(before) }) };
}

function rest({ terminal }: Context, options: ListOptions, rows: readonly { readonly seq?: number }[]): void {
  if (rows.length === 0) terminal.error('Nothing.\n');
  const last = rows.at(-1)?.seq;
  if (last !== undefined && rows.length === Number(options.lines)) terminal.error(`Older ones: --before ${last}\n`);
}

const stateWords: Readonly<Record<string, string>> = { unknown: 'may have been sent', dead: 'given up' };
const words = (state: string): string => stateWords[state] ?? state;

function arrivedLine({ key, state, channel, account, sender, receivedAt, rule, nextTry, text }: ArrivedMessage): string {
  const why = [...(rule === undefined ? [] : [`(${rule})`]), ...(nextTry === undefined ? [] : ['(tried again)'])];
  return showLine([timeText(receivedAt), [state, ...why].join(' '), `${channel}/${account}`, sender.name ?? sender.id, key, text.slice(0, 60)].join('  '));
}

function partLine({ answerId, part, state, to, attempts, nextAt, ref, text }: SentPart): string {
  const more = [...(nextAt === undefined ? [] : [`next ${timeText(nextAt)}`]), ...(ref === undefined ? [] : [`receipt ${ref}`])];
  return showLine(
    [answerId, `part ${part}`, words(state), `${to.channel}/${to.account} ${to.chat}`, `${attempts} tries`, ...more, text.slice(0, 60)].join('  '),
  );
}

function show(context: Context, options: CommonOptions, life: MessageLife): number {
  return print(context, options, life, () => {
    const { out, error } = context.terminal;
    for (const message of life.messages) {
      out(`${arrivedLine(message)}\n`);
      const { chat, sender, kind, sessionId } = message;
      const place = `${chat.kind} ${chat.id}${chat.thread === undefined ? '' : `, thread ${chat.thread}`}`;
      out(`  ${showLine([kind, `from ${sender.id}`, `in ${place}`, ...(sessionId === undefined ? [] : [`session ${sessionId}`])].join('  '))}\n`);
    }
    for (const { key, state, receivedAt } of life.tries.length > 1 ? life.tries : []) out(`try  ${showLine(`${timeText(receivedAt)}  ${state}  ${key}`)}\n`);
    if (life.turn) {
      const { id, outcome = 'running', startedAt, endedAt, answerId } = life.turn;
      const took = endedAt === undefined ? '' : `  ${seconds(endedAt - startedAt)}`;
      out(`turn ${showLine(`${timeText(startedAt)}  ${outcome}${took}  ${id}  answer ${answerId}`)}\n`);
      for (const step of life.turn.steps) out(`  ${stepLine(step)}\n`);
    }
    for (const part of life.parts) out(`part ${partLine(part)}\n`);
    if (life.noRetry !== undefined) error(`${showLine(life.noRetry)}\n`);
  });
}

function stepLine({ kind, at, endedAt, name, outcome, sideEffect, detail }: LifeStep): string {
  const took = endedAt === undefined ? [] : [seconds(endedAt - at)];
  const ends = kind === 'tool' || kind === 'approval' ? [outcome ?? 'no end written'] : outcome === undefined ? [] : [outcome];
  const effect = sideEffect === undefined ? [] : [`side effect: ${sideEffect}`];
  return showLine(
    [timeText(at), kind, name, ...ends, ...took, ...effect, ...(detail === undefined ? [] : [kind === 'model' ? `${detail} tokens` : detail])].join('  '),
  );
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
