import { expect, it } from 'vitest';
import { refuseLargeBody } from './body-limit.ts';
import { MAX_JSON_BYTES } from './read-input.ts';

const asked = (headers: Record<string, string>) =>
  refuseLargeBody(new Request('http://localhost/api/trpc/x', { method: 'POST', headers }))?.status ?? null;

it('refuses a body that is too large or does not say how large it is, before any of it is read', () => {
  expect(asked({ 'content-length': String(MAX_JSON_BYTES + 1) })).toBe(413);
  expect(asked({ 'transfer-encoding': 'chunked' })).toBe(413);
  expect(asked({ 'content-length': String(MAX_JSON_BYTES) })).toBeNull();
  expect(asked({})).toBeNull();
});
