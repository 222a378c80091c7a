// Bodies of the routes about config.json as a whole.
import { type output, type ZodType, z } from 'zod';
import type { ConfigFault, SettingsChange, SettingsCheck, SettingsPage } from '../core/settings.ts';
import { configChange } from './security-schema.ts';

const text = z.string().max(500_000);
const hash = z.string().max(100);
const fault = z.object({
  line: z.number().describe('From 1.'),
  key: z.string().describe('Dotted path; empty where it is about the text as such.'),
  text: z.string(),
}) satisfies ZodType<ConfigFault>;

export const settingsSchema = z.object({ schema: z.record(z.string(), z.unknown()).describe('JSON Schema; a key with `restart` waits for the next start.') });
export const settingsPage = z.object({
  path: z.string(),
  text: z.string().describe('JSON with comments.'),
  hash: z.string().describe('To be sent with a change.'),
  fixed: z.literal('secret').exactOptional().describe('It holds the value of a secret, which is not shown: it cannot be saved from here.'),
  undoable: z.boolean(),
}) satisfies ZodType<SettingsPage>;
export const settingsDraft = z.strictObject({ text, changes: z.array(configChange).max(500).default([]) });
export const settingsCheck = z.object({
  text: z.string().describe('With the changes made, comments kept.'),
  value: z.unknown().optional().describe('As plain JSON; absent where the text cannot be read.'),
  faults: z.array(fault),
  warnings: z.array(fault),
  diff: z.string().describe('Unified, from the file to this text.'),
  changed: z.array(z.object({ key: z.string(), restart: z.boolean() }) satisfies ZodType<SettingsChange>),
}) satisfies ZodType<SettingsCheck>;
export const settingsSave = z.strictObject({ text, hash: hash.describe('Of the text that it replaces.') });
export const settingsUndo = z.strictObject({ hash: hash.describe('Of the text that is there.') });

export type SettingsSchemaBody = output<typeof settingsSchema>;
export type SettingsPageBody = output<typeof settingsPage>;
export type SettingsCheckBody = output<typeof settingsCheck>;
