// current_time: date and time where the operator is.
import { z } from 'zod';
import { defineTool } from './define-tool.ts';
import { localText } from './local-time.ts';

export const currentTime = defineTool({
  name: 'current_time',
  description: 'Date and time now.',
  input: z.strictObject({}),
  sideEffect: 'none',
  effects: () => [],
  run: async (_args, { place }) => ({
    text: `${localText(place.now, place.timezone)}${place.timezone === 'UTC' ? '' : ` (UTC ${new Date(place.now).toISOString()})`}`,
  }),
});
