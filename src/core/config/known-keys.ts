import { z } from 'zod';

/** The keys that a schema knows at a place of a value; none where the place is no object of one certain kind. O(depth). */
export function knownKeys(schema: unknown, value: unknown, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional)
    return knownKeys(schema.unwrap(), value, path);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const kind = at(value, discriminator);
    const one = (schema.options as z.ZodObject[]).find(
      ({ shape }) => (shape[discriminator] as z.ZodType | undefined)?.safeParse(kind).success,
    );
    return knownKeys(one, value, path);
  }
  const [key, ...rest] = path;
  if (schema instanceof z.ZodObject)
    return key === undefined ? Object.keys(schema.shape) : knownKeys(schema.shape[String(key)], at(value, key), rest);
  if (schema instanceof z.ZodArray && key !== undefined) return knownKeys(schema.element, at(value, key), rest);
  return [];
}

function at(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}
