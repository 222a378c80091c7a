// CoPaw's own words that go out once: an id that was used before says nothing.
import { toCoPawError } from '../core/error.ts';
import type { OutboxRow } from '../core/session.ts';
import type { Store } from '../core/store.ts';
import type { Delivery } from './deliver.ts';
import type { Composer } from './outgoing.ts';

export interface SayOnceParts {
  readonly store: Pick<Store, 'commit'>;
  readonly delivery: Pick<Delivery, 'rows' | 'wake'>;
  readonly literal: Composer['literal'];
}

export async function sayOnce(
  { store, delivery, literal }: SayOnceParts,
  place: Pick<OutboxRow, 'answerId' | 'sessionId' | 'address'>,
  text: string,
): Promise<void> {
  const parts = await literal(place.address, { text });
  try {
    await store.commit({ transition: 'notice-added', outbox: delivery.rows(place, parts) });
  } catch (error) {
    if (toCoPawError(error).code !== 'conflict') throw error;
  }
  delivery.wake();
}
