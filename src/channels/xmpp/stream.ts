// One XMPP stream (RFC 6120) over a connection that the outward door made. What comes is counted as handled only once it was (XEP-0198), so what was not
// stored stays with the server. Its stanzas are read one after the other.
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ChannelHands } from '../../core/channel-kind.ts';
import { CoPawError } from '../../core/error.ts';
import { loginFor } from './scram.ts';
import { childOf, childrenOf, element, textOf, written, type XmlElement, XmlReader } from './xml.ts';

const stanzas: ReadonlySet<string> = new Set(['message', 'presence', 'iq']);
const management = 'urn:xmpp:sm:3';
const sasl = 'urn:ietf:params:xml:ns:xmpp-sasl';
const bind = 'urn:ietf:params:xml:ns:xmpp-bind';
export const stanzaErrors = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const answerMs = 30_000;
/** Waiting stanzas beyond which nothing more is read from the connection. */
const mostWaiting = 200;

export interface XmppAccount {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
  readonly secure: boolean;
}

interface Question {
  readonly to: string | undefined;
  readonly answer: (iq: XmlElement) => void;
}

export const bareOf = (jid: string): string => jid.split('/', 1)[0] ?? '';

export class XmppStream {
  readonly #socket: Socket;
  readonly #hands: Pick<ChannelHands, 'clock'>;
  readonly #account: XmppAccount;
  readonly #waiting: XmlElement[] = [];
  readonly #ended = Promise.withResolvers<never>();
  readonly #questions = new Map<string, Question>();
  readonly #fences: { readonly count: number; readonly pass: () => void }[] = [];
  #reader: XmlReader | undefined;
  #wake: (() => void) | undefined;
  #jid = '';
  #over = false;
  #handled = 0;
  #managed = false;
  #sent = 0;

  constructor(socket: Socket, account: XmppAccount, hands: Pick<ChannelHands, 'clock'>) {
    this.#socket = socket;
    this.#account = account;
    this.#hands = hands;
    this.#ended.promise.catch(() => undefined);
    socket.setEncoding('utf8'); // a character may come in two pieces
    socket.on('data', (text) => this.#take(String(text)));
    socket.once('close', () => this.fail(new CoPawError('channel-down', 'The server closed the connection.')));
    socket.on('error', (cause) => this.fail(new CoPawError('channel-down', 'The connection broke.', { cause })));
  }

  /** With the resource that the server gave. */
  get jid(): string {
    return this.#jid;
  }

  /** Logs in. Rejects with `unauthenticated` where the server does not know the account. */
  async open(): Promise<void> {
    const { user, domain, password, secure } = this.#account;
    let features = await this.#restart();
    const offered = childrenOf(childOf(features, 'mechanisms', sasl), 'mechanism').map((one) => textOf(one) ?? '');
    const login = loginFor(offered, secure, user, password);
    if (!login)
      throw new CoPawError('config-invalid', `${domain} offers no way to log in that keeps the password safe (${offered.join(', ') || 'none'}).`, {
        next: 'Give "server" as tls://host:5223, where XMPP is spoken inside TLS.',
      });
    this.#write(element('auth', { xmlns: sasl, mechanism: login.mechanism }, base64(login.first)));
    for (;;) {
      const said = await this.#next();
      if (said.name === 'challenge') this.#write(element('response', { xmlns: sasl }, base64(await login.answer(unbase64(textOf(said))))));
      else if (said.name === 'success' && login.proved(unbase64(textOf(said)))) break;
      else throw refusedLogin(said);
    }
    features = await this.#restart();
    this.#write(element('iq', { type: 'set', id: 'bind' }, element('bind', { xmlns: bind })));
    this.#jid = textOf(childOf(childOf(await this.#next(), 'bind', bind), 'jid', bind)) ?? '';
    if (bareOf(this.#jid) === '') throw new CoPawError('channel-down', 'The server gave no address.');
    if (!childOf(features, 'sm', management)) return;
    this.#write(element('enable', { xmlns: management }));
    this.#managed = (await this.#next()).name === 'enabled';
    this.#sent = 0;
  }

  /** Hands over each stanza in turn until the stream ends, which it says by a throw. What `handle` throws ends it. */
  async read(handle: (stanza: XmlElement) => Promise<void>): Promise<never> {
    try {
      for (;;) {
        const one = await this.#next();
        if (!stanzas.has(one.name)) {
          this.#manage(one);
          continue;
        }
        if (!this.#answered(one)) await handle(one);
        this.#handled = (this.#handled + 1) % 2 ** 32;
      }
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  /** Resolves with the result; rejects with the error of a stanza as `refusal` has it. */
  async ask(type: 'get' | 'set', to: string | undefined, payload: XmlElement): Promise<XmlElement> {
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<XmlElement>();
    this.#questions.set(id, { to, answer: resolve });
    try {
      this.#write(element('iq', { type, id, to }, payload));
      const answer = await this.#soon(promise);
      if (answer.attrs.get('type') === 'error') throw refusal(answer);
      return answer;
    } finally {
      this.#questions.delete(id);
    }
  }

  /** Nobody waits for it. */
  tell(...stanzas: readonly XmlElement[]): void {
    if (!this.#over) this.#write(...stanzas);
  }

  /** Resolves once the server has taken them. A rejection leaves open whether it did. */
  async hand(...stanzas: readonly XmlElement[]): Promise<void> {
    this.#write(...stanzas);
    if (!this.#managed) return void (await this.ask('get', this.#account.domain, element('ping', { xmlns: 'urn:xmpp:ping' })).catch(ignoreRefusal));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#fences.push({ count: this.#sent, pass: resolve });
    this.#write(element('r', { xmlns: management }));
    await this.#soon(promise);
  }

  /** Ends it; what was handled is acknowledged, the rest is the server's again. */
  fail(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#ended.reject(error);
    this.#wake?.();
    if (this.#socket.writableLength > 0) return void this.#socket.destroy(); // nobody reads there
    this.#socket.end(`${this.#managed ? written(this.#acknowledgement()) : ''}</stream:stream>`, () => this.#socket.destroy());
  }

  async #restart(): Promise<XmlElement> {
    const { default: SaxLtx } = await import('ltx/src/parsers/ltx.js');
    this.#reader = new XmlReader(new SaxLtx(), {
      opened: () => undefined,
      element: (one) => this.#arrive(one),
      closed: () => this.fail(new CoPawError('channel-down', 'The server ended the stream.')),
    });
    const header = `<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" version="1.0" to="${this.#account.domain}">`;
    this.#socket.write(`<?xml version="1.0"?>${header}`);
    return this.#next();
  }

  #take(text: string): void {
    try {
      if (!this.#over) this.#reader?.write(text);
    } catch (error) {
      this.fail(error);
    }
  }

  #arrive(one: XmlElement): void {
    if (one.name === 'error' && one.ns === 'http://etherx.jabber.org/streams') return void this.fail(streamError(one));
    this.#waiting.push(one);
    if (this.#waiting.length > mostWaiting) this.#socket.pause();
    this.#wake?.();
  }

  async #next(): Promise<XmlElement> {
    for (;;) {
      if (this.#over) return this.#ended.promise;
      const one = this.#waiting.shift();
      if (this.#waiting.length < mostWaiting / 2 && this.#socket.isPaused()) this.#socket.resume();
      if (one) return one;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Whether it answers a question. Only whoever was asked may. */
  #answered(iq: XmlElement): boolean {
    const type = iq.attrs.get('type');
    if (iq.name !== 'iq' || (type !== 'result' && type !== 'error')) return false;
    const question = this.#questions.get(iq.attrs.get('id') ?? '');
    const from = iq.attrs.get('from');
    const own = [undefined, this.#account.domain, bareOf(this.#jid), this.#jid];
    if (question && (question.to === undefined ? own.includes(from) : from === question.to)) question.answer(iq);
    return true;
  }

  #manage(one: XmlElement): void {
    if (one.ns !== management) return;
    if (one.name === 'r') this.#socket.write(written(this.#acknowledgement()));
    const taken = one.name === 'a' ? Number(one.attrs.get('h')) : Number.NaN;
    while ((this.#fences[0]?.count ?? Number.POSITIVE_INFINITY) <= taken) this.#fences.shift()?.pass();
  }

  #acknowledgement = (): XmlElement => element('a', { xmlns: management, h: String(this.#handled) });

  #write(...elements: readonly XmlElement[]): void {
    if (this.#over) throw new CoPawError('channel-down', 'The connection is gone.');
    this.#sent += elements.filter(({ name }) => stanzas.has(name)).length;
    this.#socket.write(elements.map(written).join(''));
  }

  async #soon<T>(work: Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    const timer = this.#hands.clock.after(answerMs, () => late.reject(new CoPawError('channel-down', 'The server did not answer.', { retryable: false })));
    try {
      return await Promise.race([work, late.promise, this.#ended.promise.catch(unanswered)]);
    } finally {
      timer.cancel();
    }
  }
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const unbase64 = (text = ''): string => Buffer.from(text, 'base64').toString();

/** The condition in an error: its first element that is no text. */
const conditionIn = (one: XmlElement | undefined): string =>
  one?.children.find((child): child is XmlElement => typeof child !== 'string' && child.name !== 'text')?.name ?? 'undefined-condition';

function refusedLogin(said: XmlElement): CoPawError {
  const condition = conditionIn(said);
  if (said.name !== 'failure') return new CoPawError('channel-down', 'The server did not prove that it knows the password.');
  if (condition === 'temporary-auth-failure') return new CoPawError('channel-down', 'The server cannot check passwords now.');
  return new CoPawError('unauthenticated', `The server does not let the account in (${condition}).`, {
    next: 'Give it its password again: copaw channels add xmpp.',
  });
}

function streamError(said: XmlElement): CoPawError {
  return new CoPawError('channel-down', `The server ended the stream (${conditionIn(said)}).`);
}

/** What an error stanza means for what it answers: it certainly did not arrive. */
export function refusal(stanza: XmlElement): CoPawError {
  const error = childOf(stanza, 'error');
  const condition = conditionIn(error);
  const said = `The server answered: ${condition}.`;
  if (error?.attrs.get('type') === 'wait') return new CoPawError('busy', said, { retryAfterMs: 5_000 });
  return new CoPawError('send-refused', said);
}

const unanswered = (cause: unknown): never => {
  throw new CoPawError('channel-down', 'The connection ended before the server answered.', { retryable: false, cause });
};

const ignoreRefusal = (error: unknown): undefined => {
  if (error instanceof CoPawError && (error.code === 'send-refused' || error.code === 'busy')) return undefined;
  throw error;
};
