// What is known of the rooms the account is in: how many are there, whether they encrypt, how people are called, what was taken last.
import { z } from 'zod';
import { remember } from '../../lib/remember.ts';
import { clientPath, type MatrixApi } from './api.ts';
import { type JoinedRoom, joinedMembers, type StateEvent } from './wire.ts';

const mostRooms = 5_000;
const mostNames = 5_000;
const mostThreads = 1_000;

interface Room {
  joined?: number;
  invited?: number;
  encrypted?: true;
  /** That nothing is read there was logged. */
  told?: true;
  /** Latest event of somebody else that was taken, and is not marked as read. */
  unread?: string;
}

const member = z.object({ displayname: z.string().min(1).max(200).optional().catch(undefined) });

export class Rooms {
  readonly #rooms = new Map<string, Room>();
  readonly #names = new Map<string, string>();
  readonly #threads = new Map<string, string>();

  of(id: string): Room {
    const known = this.#rooms.get(id);
    if (known) return known;
    const room: Room = {};
    remember(this.#rooms, id, room, mostRooms);
    return room;
  }

  update(id: string, { summary, state }: JoinedRoom): void {
    const room = this.of(id);
    const { 'm.joined_member_count': joined, 'm.invited_member_count': invited } = summary ?? {};
    if (joined !== undefined) room.joined = joined;
    if (invited !== undefined) room.invited = invited;
    for (const event of state?.events ?? []) this.heed(id, event);
  }

  /** A state event, from the state or the timeline. */
  heed(id: string, { type, state_key, content }: Pick<StateEvent, 'type' | 'state_key' | 'content'>): void {
    if (type === 'm.room.encryption') this.of(id).encrypted = true; // it cannot be switched off again
    if (type !== 'm.room.member') return;
    const name = member.safeParse(content).data?.displayname;
    if (name === undefined) this.#names.delete(`${id} ${state_key}`);
    else remember(this.#names, `${id} ${state_key}`, name, mostNames);
  }

  forget(id: string): void {
    this.#rooms.delete(id);
  }

  name(id: string, user: string): string | undefined {
    return this.#names.get(`${id} ${user}`);
  }

  /** Two people, who is invited counted, are among themselves. Whatever a list of direct chats says, a third one makes it a group: he reads along. */
  async kind(id: string, api: MatrixApi, signal: AbortSignal): Promise<'direct' | 'group'> {
    const room = this.of(id);
    if (room.joined === undefined) {
      const { joined } = await api.ask(clientPath('rooms', id, 'joined_members'), joinedMembers, { signal });
      room.joined = Object.keys(joined).length;
    }
    return this.crowded(id) ? 'group' : 'direct';
  }

  /** More than two are known to be there. */
  crowded(id: string): boolean {
    const { joined = 0, invited = 0 } = this.of(id);
    return joined + invited > 2;
  }

  /** The latest event of a thread that is known. */
  latest(room: string, root: string): string {
    return this.#threads.get(`${room} ${root}`) ?? root;
  }

  follow(room: string, root: string, event: string): void {
    remember(this.#threads, `${room} ${root}`, event, mostThreads);
  }
}
