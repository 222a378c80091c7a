// What a conversation is called on the screen.
import { readable } from '../ui/visible.ts';

/** Its title, with nothing in it that hides; `untitled` where it has none. */
export const sessionName = (title: string, untitled: string): string => readable(title.trim()) || untitled;
