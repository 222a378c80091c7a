// Typing help for the tools in this folder: the schema of a tool gives its arguments their types.
import type { ZodType } from 'zod';
import type { Tool } from '../core/tool.ts';

/** Returns the tool as it is, with `effects` and `run` typed by its `input`. */
export function defineTool<I extends ZodType>(tool: Tool<I>): Tool<I> {
  return tool;
}
