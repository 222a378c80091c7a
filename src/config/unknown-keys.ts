// Finds keys of a value that its schema does not name: a typing mistake must not silently mean "default".
import { z } from 'zod';

/** Paths of keys the schema does not know, in the order they stand. Records know all their keys, and so does what has keys of somebody else too (`moreKeys`). */
export function unknownKeys(schema: z.core.$ZodType, value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return unknownKeys(schema.unwrap(), value, path);
  if (schema instanceof z.ZodArray) return Array.isArray(value) ? value.flatMap((item, index) => unknownKeys(schema.element, item, [...path, index])) : [];
  if (schema instanceof z.ZodUnion) {
    const option = schema.options.find((candidate) => z.safeParse(candidate, value).success);
    return option === undefined ? [] : unknownKeys(option, value, path);
  }
  if (typeof value !== 'object' || value === null) return [];
  if (schema instanceof z.ZodRecord) return Object.entries(value).flatMap(([key, item]) => unknownKeys(schema.valueType, item, [...path, key]));
  if (!(schema instanceof z.ZodObject)) return [];
  const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
  const open = schema.meta()?.moreKeys === true;
  return Object.entries(value).flatMap(([key, item]) => {
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (known !== undefined) return unknownKeys(known, item, [...path, key]);
    return open ? [] : [[...path, key]];
  });
}
