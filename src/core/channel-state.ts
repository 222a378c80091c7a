// How the connection of each channel account stands, as people see it.
import type { ErrorCode } from './error.ts';

export interface ChannelState {
  /** Kind of channel, as in config.json. */
  readonly channel: string;
  readonly account: string;
  /**
   * connecting: switched on, nothing was received yet. up: its receive path shows life. down: it is tried again by itself.
   * refused: the platform or the configuration says no; only a change, a person or an hour's time leads to another try. off: not enabled.
   * unknown: switched on, and no CoPaw runs that would connect it.
   */
  readonly state: 'connecting' | 'up' | 'down' | 'refused' | 'off' | 'unknown';
  /** Since when, milliseconds since the epoch, as all times. */
  readonly since: number;
  /** While down or refused: when it began to be either. */
  readonly downSince?: number;
  /** The last sign of life of the receive path. */
  readonly lastReceivedAt?: number;
  /** Connections that failed, one after the other, since the last one that held. */
  readonly attempts: number;
  /** Absent while an attempt is under way, and where none is due. */
  readonly nextTryAt?: number;
  /** Why the last connection ended; gone once one has held. Holds no secret. */
  readonly lastError?: { readonly code: ErrorCode; readonly message: string; readonly next?: string };
}
