// What a family of commands is given: how one is added, and how its work is run.
import type { Command } from 'commander';
import type { Context } from './context.ts';

export type Make = (parent: Command, usage: string, description: string) => Command;
export type Act = (action: (context: Context) => Promise<number>) => Promise<void>;
