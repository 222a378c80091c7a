// The one part of ltx that is used: it takes a stream of XML apart. Elements are made of the pieces in xml.ts.
declare module 'ltx/src/parsers/ltx.js' {
  export default class SaxLtx {
    on(event: 'startElement', listener: (name: string, attributes: Record<string, string>) => void): this;
    on(event: 'endElement', listener: (name: string) => void): this;
    on(event: 'text', listener: (text: string) => void): this;
    write(text: string): void;
  }
}
