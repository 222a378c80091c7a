// How the state of a command reads to the model; shared by run_command, poll_command and kill_command.
import type { CommandState, ToolResult } from '../core/tool.ts';

/** Output first, one status line last. Anything but exit code 0 or "still running" counts as failed. */
export function describeCommand(state: CommandState): ToolResult {
  const cut = state.truncated ? ' Output is incomplete.' : '';
  const output = state.output === '' || state.output.endsWith('\n') ? state.output : `${state.output}\n`;
  return {
    text: `${output}[${status(state)}${cut}]`,
    ...(state.running || (state.exitCode === 0 && state.ended === undefined) ? {} : { failed: true }),
  };
}

function status(state: CommandState): string {
  if (state.running) return `Running in the background as ${state.id}.`;
  if (state.ended !== undefined) return `Ended early: ${state.ended}.`;
  return state.exitCode === undefined ? 'Ended by a signal.' : `Exit code ${state.exitCode}.`;
}
