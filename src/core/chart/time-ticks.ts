/** Ticks of a time axis at round times. Positions are seconds: since the run began, or Unix seconds. */

const STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
];

function stepFor(span: number, count: number): number {
  return STEPS.find((s) => span / s <= count) ?? Math.ceil(span / count / 604_800) * 604_800;
}

function multiples(step: number, min: number, max: number, offset: number): number[] {
  const ticks: number[] = [];
  for (let t = Math.ceil((min + offset) / step) * step - offset; t <= max; t += step) ticks.push(t);
  return ticks;
}

/** Seconds since the start, in one unit for all labels; the last tick carries it. */
export function elapsedTicks(min: number, max: number, count: number): { ticks: number[]; labels: string[] } {
  const step = max - min < 2 ? (max - min) / count || 1 : stepFor(max - min, count);
  const ticks = multiples(step, min, max, 0);
  const [unit, size] =
    step >= 86_400 ? ['d', 86_400] : step >= 3600 ? ['h', 3600] : step >= 60 ? ['min', 60] : ['s', 1];
  const labels = ticks.map((t, i) => {
    const value = Number((t / (size as number)).toFixed(2)).toLocaleString('en-GB');
    return i === ticks.length - 1 ? `${value} ${unit}` : value;
  });
  return { ticks, labels };
}

/** Wall time. `offset` = seconds that the place's clock is ahead of UTC, so that ticks fall on its round hours. */
export function wallTicks(
  min: number,
  max: number,
  count: number,
  offset: number,
): { ticks: number[]; labels: string[] } {
  const step = stepFor(max - min, count);
  const ticks = multiples(step, min, max, offset);
  const labels = ticks.map((t) => {
    const iso = new Date((t + offset) * 1000).toISOString();
    if (step >= 86_400) return iso.slice(5, 10);
    return step < 60 ? iso.slice(11, 19) : iso.slice(11, 16);
  });
  return { ticks, labels };
}
