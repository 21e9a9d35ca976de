import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { restRoutes } from './routes/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document is read as any client reads it
const document = openApiDocument(restRoutes, { version: '1', serverUrl: '/api/v1' }) as any;

test('the served document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('it describes every route, each under a name of its own', () => {
  const described = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.sort()).toEqual(restRoutes.map(({ method, path }) => `${method} ${path}`).sort());
  const names = restRoutes.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('every reference leads somewhere, and what a path names is a parameter', () => {
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document.components.schemas).toHaveProperty([name!]);
  }
  expect(text).not.toContain('$defs');
});
