import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safePath } from './safe-path.ts';

test('keeps a path of this server, with query and hash', () => {
  expect(safePath('/p/1/runs?x=1#a')).toBe('/p/1/runs?x=1#a');
});

test.each([
  undefined,
  null,
  '',
  'https://evil.example',
  '//evil.example/x',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
])('%j leads home', (value) => {
  expect(safePath(value)).toBe('/');
});

test('whatever comes in, the browser stays on this host', () => {
  fc.assert(
    fc.property(fc.string(), (tail) => {
      const target = new URL(safePath(`/${tail}`), 'http://server.example');
      expect(target.host).toBe('server.example');
    }),
  );
});
