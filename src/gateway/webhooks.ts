// Requests of platforms that call us: each goes to the running connection of its account, which checks the signature before anything else (R12).
import type { Channel, WebhookAnswer, WebhookRequest } from '../core/channel.ts';
import { toCoPawError } from '../core/error.ts';
import type { Log } from '../core/log.ts';

/** undefined where no account takes requests: whoever asks learns nothing of what there is. */
export type Webhooks = (channel: string, account: string, request: WebhookRequest) => Promise<WebhookAnswer | undefined>;

export function createWebhooks(parts: {
  webhook(of: { readonly channel: string; readonly account: string }): Channel['webhook'];
  readonly log: Log;
  readonly onFault: (error: unknown) => void;
}): Webhooks {
  return async (channel, account, request) => {
    const take = parts.webhook({ channel, account });
    if (!take) return undefined;
    try {
      const answer = await take(request);
      if (answer.status === 401 || answer.status === 403) parts.log('warn', 'webhook-refused', { rule: 'R12', channel, account });
      return answer;
    } catch (error) {
      // Not taken: the platform delivers it again.
      if (toCoPawError(error).code === 'internal') parts.onFault(error);
      return { status: 503 };
    }
  };
}
