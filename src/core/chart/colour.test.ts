import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RUN_COLOURS, runColourVariable } from './colour.ts';

type Rgb = readonly [number, number, number];

const tokens = readFileSync(new URL('../../app/tokens.css', import.meta.url), 'utf8');

/** Linear light of a token in one theme. */
function token(name: string, theme: 'light' | 'dark'): Rgb {
  const [, light, dark] = new RegExp(`${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(tokens)!;
  const hex = theme === 'light' ? light! : dark!;
  const linear = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [linear(1), linear(3), linear(5)];
}

/** WCAG 2.2. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = ([r, g, blue]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1. */
const VISIONS: readonly (readonly Rgb[])[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
];

const times = (rows: readonly Rgb[], v: readonly number[]) =>
  rows.map((row) => row[0] * v[0]! + row[1] * v[1]! + row[2] * v[2]!);

/** Ottosson 2020. */
function oklab(rgb: readonly number[]): number[] {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones.map(Math.cbrt),
  );
}

/** The smallest distance in OKLab that any of the visions sees. */
function distance(a: Rgb, b: Rgb): number {
  return Math.min(
    ...VISIONS.map((vision) => {
      const [x, y] = [a, b].map((c) => oklab(times(vision, c).map((v) => Math.min(1, Math.max(0, v)))));
      return Math.hypot(...x!.map((v, i) => v - y![i]!));
    }),
  );
}

describe('colours of runs', () => {
  const numbers = Array.from({ length: RUN_COLOURS }, (_, i) => i + 1);

  test('a run has the same one always, and no two of 24 in a row have the same', () => {
    expect(runColourVariable(3)).toBe('--run-3');
    for (const first of [1, 5, 1000])
      expect(new Set(numbers.map((n) => runColourVariable(first + n))).size).toBe(RUN_COLOURS);
  });

  test.each(['light', 'dark'] as const)('in the %s theme they are seen, and told apart, by everybody', (theme) => {
    const colours = numbers.map((n) => token(runColourVariable(n), theme));
    for (const ground of ['--bg', '--sunken'])
      for (const [i, colour] of colours.entries())
        expect(contrast(colour, token(ground, theme)), `run ${i + 1} on ${ground}`).toBeGreaterThanOrEqual(3);
    for (let i = 0; i < RUN_COLOURS; i++)
      for (let k = 0; k < i; k++) {
        const least = i < 8 ? 0.1 : i % 8 === k % 8 ? 0.08 : 0.05;
        expect(distance(colours[i]!, colours[k]!), `runs ${k + 1} and ${i + 1}`).toBeGreaterThanOrEqual(least);
      }
  });
});
