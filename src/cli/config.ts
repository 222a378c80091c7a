// `copaw config …`: reads and edits config.json through the same door as everything else; comments stay.
import { z } from 'zod';
import type { ConfigChange } from '../core/config.ts';
import { CoPawError } from '../core/error.ts';
import type { CommonOptions, Context } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import type { ConfigAccess } from './parts.ts';
import { readyHome } from './ready-home.ts';
import { stripControls } from './text.ts';

type KeyPath = ConfigChange['path'];

export async function get(context: Context, key: string | undefined, options: CommonOptions): Promise<number> {
  const config = await open(context, options);
  let value: unknown = config.current();
  for (const segment of key === undefined ? [] : pathOf(key, config)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment))
      throw new CoPawError('not-found', `"${key}" is not set and has no default.`, { next: 'See what there is with `copaw config get`.' });
    value = Object.entries(value).find(([name]) => name === String(segment))?.[1];
  }
  const text =
    options.json === true || typeof value !== 'string' ? JSON.stringify(value, undefined, options.json === true ? undefined : 2) : stripControls(value);
  context.terminal.out(`${text}\n`);
  return exitCodes.answered;
}

export async function set(context: Context, key: string, value: string, options: CommonOptions): Promise<number> {
  const config = await open(context, options);
  await config.commit([{ path: pathOf(key, config), value: readValue(value) }]);
  return done(context, options, config);
}

export async function unset(context: Context, key: string, options: CommonOptions): Promise<number> {
  const config = await open(context, options);
  await config.commit([{ path: pathOf(key, config), value: undefined }]);
  return done(context, options, config);
}

export async function validate(context: Context, options: CommonOptions): Promise<number> {
  const config = await open(context, options);
  const warnings = config.validate();
  if (options.json === true) context.terminal.out(`${JSON.stringify({ path: config.path, valid: true, warnings })}\n`);
  else {
    for (const warning of warnings) context.terminal.error(`warning: ${stripControls(warning)}\n`);
    context.terminal.out(`${config.path} is valid.\n`);
  }
  return exitCodes.answered;
}

export async function path(context: Context, options: CommonOptions): Promise<number> {
  const { path: file } = await open(context, options);
  context.terminal.out(options.json === true ? `${JSON.stringify({ path: file })}\n` : `${file}\n`);
  return exitCodes.answered;
}

async function open({ parts }: Context, options: CommonOptions): Promise<ConfigAccess> {
  return parts.config(readyHome(parts, options.home));
}

function done({ terminal }: Context, options: CommonOptions, { path: file }: ConfigAccess): number {
  if (options.json === true) terminal.out(`${JSON.stringify({ path: file })}\n`);
  else terminal.error(`Written to ${file}\n`);
  return exitCodes.answered;
}

/** `models.default`, or `["a","b.c"]` for keys with dots. A number counts in a list where the configuration has one. */
function pathOf(key: string, config: ConfigAccess): KeyPath {
  const segments = key.startsWith('[') ? z.array(z.union([z.string(), z.int().nonnegative()])).safeParse(readValue(key)).data : key.split('.');
  if (segments === undefined || segments.length === 0 || segments.includes(''))
    throw new CoPawError('usage', `"${key}" is not a key.`, { next: 'Write it like models.default, or as a JSON array of keys.' });
  let value: unknown = config.current();
  return segments.map((segment) => {
    const at = Array.isArray(value) && /^\d+$/u.test(String(segment)) ? Number(segment) : segment;
    value = typeof value === 'object' && value !== null ? Object.entries(value).find(([name]) => name === String(at))?.[1] : undefined;
    return at;
  });
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
