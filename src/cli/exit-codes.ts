// What the CLI's exit codes mean. Scripts rely on them: a code keeps its meaning. Errors carry theirs in core/error.ts.
import type { TurnOutcome } from '../core/turn-event.ts';

export const exitCodes = {
  /** Done; the question was answered. */
  answered: 0,
  /** It failed; the error says why. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The home, its configuration, its notice or this machine is in the way. */
  home: 3,
  /** The server did not accept the credential. */
  auth: 4,
  /** A policy refused the message. */
  refused: 5,
  /** `copaw security audit`: the gravest finding. */
  reviewMedium: 10,
  reviewHigh: 11,
  reviewCritical: 12,
  /** Stopped by the person, as a shell reports Ctrl-C. */
  stopped: 130,
} as const;

/** Exit code of a turn that ended. */
export function exitCodeOf(outcome: TurnOutcome): number {
  if (outcome === 'answered') return exitCodes.answered;
  if (outcome === 'cancelled') return exitCodes.stopped;
  return outcome === 'refused' ? exitCodes.refused : exitCodes.failed;
}
