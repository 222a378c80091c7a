// Files that go out: uploaded first, then a message of their own each. Robots take pictures, PDF, Office files and archives; any other file goes inside an archive.
import type { OutgoingFile } from '../../core/channel.ts';
import { CoPawError } from '../../core/error.ts';
import { zipOf } from '../../lib/zip-of.ts';
import type { DingTalkApi } from './api.ts';

const mostBytes = 20 * 1024 * 1024;
const pictures: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/bmp']);
const fileTypes: ReadonlySet<string> = new Set(['pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'zip', 'rar']);

/** What a robot sends: the kind of message and what it is made of. */
export interface RobotMessage {
  readonly msgKey: string;
  readonly param: Readonly<Record<string, string>>;
}

/** Throws `send-refused` where the platform takes no file of this size. */
export async function fileMessage({ name, mediaType, bytes }: OutgoingFile, upload: DingTalkApi['upload']): Promise<RobotMessage> {
  const value = await bytes();
  if (pictures.has(mediaType)) return { msgKey: 'sampleImageMsg', param: { photoURL: await upload('image', { name, mediaType, value: small(name, value) }) } };
  const known = fileTypes.has(typeOf(name));
  const fileName = known ? name : `${name}.zip`;
  const packed = known ? { mediaType, value } : { mediaType: 'application/zip', value: await zipOf(name, value) };
  const mediaId = await upload('file', { name: fileName, mediaType: packed.mediaType, value: small(name, packed.value) });
  return { msgKey: 'sampleFile', param: { mediaId, fileName, fileType: typeOf(fileName) } };
}

const typeOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

function small(name: string, value: Uint8Array): Uint8Array {
  if (value.byteLength > mostBytes) throw new CoPawError('send-refused', `${name} is larger than the 20 MB that DingTalk takes.`);
  return value;
}
