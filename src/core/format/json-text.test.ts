import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineOf, parseJsonText } from './json-text.ts';

describe('parseJsonText', () => {
  test('accepts exactly what JSON.parse accepts', () => {
    const noise = fc
      .array(fc.constantFrom(...'{}[]",:0123.eE+-\\ntrufalse \n'), { maxLength: 12 })
      .map((a) => a.join(''));
    fc.assert(
      fc.property(fc.oneof(noise, fc.json({ maxDepth: 3 })), (text) => {
        let parsed: unknown;
        let valid = true;
        try {
          parsed = JSON.parse(text);
        } catch {
          valid = false;
        }
        const result = parseJsonText(text);
        expect(result.ok).toBe(valid);
        if (result.ok) expect(result.value).toEqual(parsed);
      }),
      { numRuns: 3000 },
    );
  });

  test('knows on which line each part stands', () => {
    const result = parseJsonText('{\n  "layers": [\n    {"type": "dense",\n     "units": 3}\n  ],\n  "a/b": 1\n}');
    if (!result.ok) throw new Error(result.message);
    expect([...result.lines]).toEqual([
      ['', 1],
      ['/layers', 2],
      ['/layers/0', 3],
      ['/layers/0/type', 3],
      ['/layers/0/units', 4],
      ['/a~1b', 6],
    ]);
    expect(lineOf(result.lines, '/layers/0/missing')).toBe(3);
    expect(lineOf(result.lines, '/nowhere')).toBe(1);
  });

  test.each([
    ['{"a": 1,}', 1, 8, /no comma before }/],
    ['{\n "a": \'b\'}', 2, 7, /double quotes/],
    ['[1 2]', 1, 4, /comma or ]/],
    ['{"a" 1}', 1, 6, /colon/],
    ['[1', 1, 3, /missing ]/],
    ['', 1, 1, /ends too early/],
    ['[01]', 1, 2, /expected a value/],
    ['{a: 1}', 1, 2, /name in double quotes/],
    ['"ab\ncd"', 1, 1, /closing quote/],
    ['{} x', 1, 4, /nothing may follow/],
  ])('%j names the place', (text, line, column, message) => {
    expect(parseJsonText(text)).toEqual({ ok: false, line, column, message: expect.stringMatching(message) });
  });
});
