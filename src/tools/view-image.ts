// view_image: lets the model see a picture of the workspace.
import { z } from 'zod';
import { mostImageBytes } from '../core/model.ts';
import { imageType } from '../lib/media-type.ts';
import { defineTool } from './define-tool.ts';
import { pathInput, workspacePath } from './workspace-path.ts';

export const viewImage = defineTool({
  name: 'view_image',
  description: 'Look at a PNG, JPEG, GIF or WebP picture.',
  input: z.strictObject({ path: pathInput.describe('Picture') }),
  sideEffect: 'none',
  effects: (args) => [{ kind: 'read', path: workspacePath(args.path) }],
  async run(args, hands) {
    const path = workspacePath(args.path);
    const info = await hands.files.stat(path);
    if (info?.kind !== 'file') return { text: `There is no file ${path}.`, failed: true };
    if (info.size > mostImageBytes) return { text: `${path} has ${info.size} bytes; pictures may have ${mostImageBytes}.`, failed: true };
    const type = info.size === 0 ? undefined : imageType(await hands.files.read(path, { offset: 0, length: Math.min(12, info.size) }));
    if (type === undefined) return { text: `${path} is not a PNG, JPEG, GIF or WebP picture.`, failed: true };
    return { text: `${path} (${type}, ${info.size} bytes)`, images: [{ path, mediaType: type }] };
  },
});
