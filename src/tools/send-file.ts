// send_file: hands a workspace file to the person in this conversation, together with the answer.
import { posix } from 'node:path';
import { z } from 'zod';
import { mediaType, sniffBytes } from '../lib/media-type.ts';
import { defineTool } from './define-tool.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

export const sendFile = defineTool({
  name: 'send_file',
  description: 'Send a workspace file to the person you are talking to.',
  input: z.strictObject({
    path: pathInput.describe('File'),
    caption: z.string().max(1000).optional().describe('One line about it'),
  }),
  sideEffect: 'none',
  effects: (args, place) => [
    { kind: 'read', path: workspacePath(args.path) },
    { kind: 'send', to: place.address },
  ],
  async run(args, hands) {
    const path = workspacePath(args.path);
    const info = await hands.files.stat(path);
    if (info?.kind !== 'file') return { text: `There is no file ${path}.`, failed: true };
    const name = posix.basename(path);
    const head = info.size === 0 ? new Uint8Array() : await hands.files.read(path, { offset: 0, length: Math.min(sniffBytes, info.size) });
    return {
      text: `${name} (${info.size} bytes) goes out with the answer.${args.caption === undefined ? '' : ` Caption: ${args.caption}`}`,
      files: [{ name, mediaType: mediaType(name, head), size: info.size, path }],
    };
  },
});
