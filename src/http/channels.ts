// Chat channels: the kinds there are, accounts and how each connection stands, setting one up, and the proof that it works.
import {
  channelAccount,
  channelAdded,
  channelAnswer,
  channelDraft,
  channelEnabled,
  channelKinds,
  channels as channelList,
  channelSend,
  channelSent,
  channelTest,
  channelTestRequest,
} from './channels-schema.ts';
import { done } from './contract.ts';
import type { HttpParts } from './parts.ts';
import { actorOf, route } from './route.ts';

const one = '/api/channels/{channel}/{account}';

export const channelRoutes = [
  route({
    method: 'GET',
    path: '/api/channels',
    summary: 'How the connection of each channel account stands',
    response: channelList,
    handle: async ({ channels }: HttpParts, call) => ({ channels: await (await channels(actorOf(call))).list() }),
  }),
  route({
    method: 'GET',
    path: '/api/channels/kinds',
    summary: 'The kinds of channels there are, and what an account of each needs',
    response: channelKinds,
    handle: async ({ channels }: HttpParts, call) => ({ kinds: await (await channels(actorOf(call))).kinds() }),
  }),
  route({
    method: 'GET',
    path: one,
    summary: 'How an account is written down, without the values of its secrets',
    response: channelAccount,
    handle: async ({ channels }: HttpParts, call) => ({ account: await (await channels(actorOf(call))).read(call.param('channel'), call.param('account')) }),
  }),
  route({
    method: 'PUT',
    path: one,
    summary: 'Makes or changes an account, or says all that is wrong with it and writes nothing',
    body: channelDraft,
    response: channelAdded,
    handle: async ({ channels }: HttpParts, call) => ({
      faults: await (await channels(actorOf(call))).add(call.param('channel'), call.param('account'), call.body),
    }),
  }),
  route({
    method: 'DELETE',
    path: one,
    summary: 'Removes an account and its own secrets',
    response: done,
    handle: async ({ channels }: HttpParts, call) => {
      await (await channels(actorOf(call))).remove(call.param('channel'), call.param('account'));
      return { done: true } as const;
    },
  }),
  route({
    method: 'PUT',
    path: `${one}/enabled`,
    summary: 'Switches an account on or off',
    body: channelEnabled,
    response: done,
    handle: async ({ channels }: HttpParts, call) => {
      await (await channels(actorOf(call))).setEnabled(call.param('channel'), call.param('account'), call.body.enabled);
      return { done: true } as const;
    },
  }),
  route({
    method: 'POST',
    path: `${one}/restart`,
    summary: 'Connects an account afresh, now',
    response: channelAnswer,
    handle: async ({ channels }: HttpParts, call) => ({
      channel: await (await channels(actorOf(call))).restart(call.param('channel'), call.param('account')),
    }),
  }),
  route({
    method: 'POST',
    path: `${one}/test`,
    summary: 'Proves an account link by link, switching it on where it is off; takes a minute at most',
    body: channelTestRequest,
    response: channelTest,
    handle: async ({ channels }: HttpParts, call) =>
      (await channels(actorOf(call))).test(call.param('channel'), call.param('account'), { to: call.body.to, signal: call.signal }),
  }),
  route({
    method: 'POST',
    path: `${one}/send`,
    summary: 'Says something in a chat of an account, now and once',
    body: channelSend,
    response: channelSent,
    handle: async ({ channels }: HttpParts, call) => {
      const { chat, thread, text } = call.body;
      return { receipts: await (await channels(actorOf(call))).send(call.param('channel'), call.param('account'), { chat, thread }, text) };
    },
  }),
];
