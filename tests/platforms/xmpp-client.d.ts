// What the tests use of @xmpp/client, which has no types: it is how the people of the platform speak, independent of what CoPaw speaks with.
declare module '@xmpp/client' {
  export interface Element {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string | undefined>>;
    readonly children: readonly (Element | string)[];
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildren(name: string, xmlns?: string): readonly Element[];
    getChildText(name: string): string | null;
    getNS(): string | undefined;
    text(): string;
    toString(): string;
  }
  export interface Client {
    readonly socket: { setEncoding(name: string): void } | null;
    readonly reconnect: { stop(): void };
    readonly streamManagement: {
      requestAckInterval: number;
      requestAckDebounce: number;
      timeout: number;
      readonly outbound_q: { stanza: Element | undefined }[];
    };
    readonly iqCaller: { request(stanza: Element): Promise<Element> };
    timeout: number;
    on(event: 'stanza' | 'nonza', listener: (stanza: Element) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'connect', listener: () => void): void;
    start(): Promise<unknown>;
    stop(): Promise<unknown>;
    send(element: Element): Promise<void>;
    write(text: string): Promise<void>;
  }
  export function client(options: { service: string; domain: string; username: string; password: string; resource?: string }): Client;
  export function xml(name: string, attributes?: Readonly<Record<string, string | undefined>>, ...children: readonly (Element | string | undefined)[]): Element;
}
