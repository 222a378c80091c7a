// The frames of the long connection: one protobuf message (pbbp2.Frame of the platform's SDK), of which there are so few fields that they are read by hand.

export interface FrameHeader {
  readonly key: string;
  readonly value: string;
}

export interface Frame {
  readonly seqId: bigint;
  readonly logId: bigint;
  readonly service: number;
  /** 0: control, 1: data. */
  readonly method: number;
  readonly headers: readonly FrameHeader[];
  readonly payloadEncoding?: string;
  readonly payloadType?: string;
  readonly payload?: Uint8Array;
  readonly logIdNew?: string;
}

const varint = 0;
const delimited = 2;
const text = new TextDecoder('utf-8', { fatal: true });

export function encodeFrame({ seqId, logId, service, method, headers, payloadEncoding, payloadType, payload, logIdNew }: Frame): Uint8Array {
  const out: number[][] = [number(1, seqId), number(2, logId), number(3, BigInt.asUintN(64, BigInt(service))), number(4, BigInt.asUintN(64, BigInt(method)))];
  const bytes = (field: number, value: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(tag(field, delimited, value.length)), value]);
  const written = (field: number, value: string): Uint8Array => bytes(field, Buffer.from(value));
  return Buffer.concat([
    ...out.map((one) => Buffer.from(one)),
    ...headers.map(({ key, value }) => bytes(5, Buffer.concat([written(1, key), written(2, value)]))),
    ...(payloadEncoding === undefined ? [] : [written(6, payloadEncoding)]),
    ...(payloadType === undefined ? [] : [written(7, payloadType)]),
    ...(payload === undefined ? [] : [bytes(8, payload)]),
    ...(logIdNew === undefined ? [] : [written(9, logIdNew)]),
  ]);
}

/** Undefined: no such message. Fields that nobody knows are passed over. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  try {
    const fields = read(bytes);
    const last = (field: number): Uint8Array | undefined => fields.findLast((one) => one.field === field)?.bytes;
    const value = (field: number): bigint => fields.findLast((one) => one.field === field)?.value ?? 0n;
    const words = (field: number): string | undefined => (last(field) === undefined ? undefined : text.decode(last(field)));
    const headers = fields.flatMap(({ field, bytes: inner }) => (field === 5 && inner !== undefined ? [headerOf(inner)] : []));
    const [payloadEncoding, payloadType, payload, logIdNew] = [words(6), words(7), last(8), words(9)];
    return {
      ...{ seqId: value(1), logId: value(2), service: signed(value(3)), method: signed(value(4)), headers },
      ...(payloadEncoding === undefined ? {} : { payloadEncoding }),
      ...(payloadType === undefined ? {} : { payloadType }),
      ...(payload === undefined ? {} : { payload }),
      ...(logIdNew === undefined ? {} : { logIdNew }),
    };
  } catch {
    return undefined;
  }
}

interface Field {
  readonly field: number;
  readonly value?: bigint;
  readonly bytes?: Uint8Array;
}

function read(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('a number without an end');
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError('more than there is');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(next());
    const [field, wire] = [Math.floor(key / 8), key % 8];
    if (wire === varint) fields.push({ field, value: next() });
    else if (wire === delimited) fields.push({ field, bytes: take(Number(next())) });
    else if (wire === 1 || wire === 5) take(wire === 1 ? 8 : 4);
    else throw new RangeError('a field of no known kind');
  }
  return fields;
}

function headerOf(bytes: Uint8Array): FrameHeader {
  const fields = read(bytes);
  const words = (field: number): string => text.decode(fields.findLast((one) => one.field === field)?.bytes ?? new Uint8Array());
  return { key: words(1), value: words(2) };
}

const signed = (value: bigint): number => Number(BigInt.asIntN(32, value));
const number = (field: number, value: bigint): number[] => [...digits(BigInt(field * 8 + varint)), ...digits(value)];
const tag = (field: number, wire: number, length: number): number[] => [...digits(BigInt(field * 8 + wire)), ...digits(BigInt(length))];

function digits(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}
