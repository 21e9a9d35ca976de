/** Which part each group of equal items goes to. */

export const PARTS = ['train', 'validation', 'test'] as const;
export type Part = (typeof PARTS)[number];
export type Fractions = Record<Part, number>;
export const DEFAULT_FRACTIONS: Fractions = { train: 0.7, validation: 0.15, test: 0.15 };
/** A class needs one group in each part. */
export const MIN_GROUPS = PARTS.length;

export interface SplitGroup {
  /** items that must stay together */
  size: number;
  /** class, or bin of the target; each is split by itself */
  stratum: string;
  /** a hash of the content and the seed: fixes the order, whatever the order of the files was; unique */
  order: string;
}

/**
 * Splits each stratum by itself: groups in the order of their hash, each to the first part that has room for it,
 * so a part misses its share of a stratum by less than its largest group. O(n log n), n groups.
 * @returns the part of each group
 * @throws RangeError where a stratum has fewer groups than there are parts; check before.
 */
export function splitGroups(groups: readonly SplitGroup[], fractions: Fractions = DEFAULT_FRACTIONS): Part[] {
  const strata = new Map<string, number[]>();
  groups.forEach((group, i) => {
    const members = strata.get(group.stratum);
    if (members) members.push(i);
    else strata.set(group.stratum, [i]);
  });
  const parts = new Array<Part>(groups.length);
  // What rounding took from one stratum goes to the next, so that the whole adds up too. Edges are rounded, not shares:
  // 15 % twice of 150 items are 22 and 23, not 23 twice.
  const carry = { test: 0, held: 0 };
  for (const name of [...strata.keys()].sort()) {
    const members = strata.get(name)!;
    if (members.length < MIN_GROUPS) throw new RangeError(`Stratum "${name}" has ${members.length} groups.`);
    const n = members.reduce((sum, i) => sum + groups[i]!.size, 0);
    const edge = (which: 'test' | 'held', fraction: number) => {
      const exact = n * fraction + carry[which];
      const whole = Math.round(exact);
      carry[which] = exact - whole;
      return whole;
    };
    const test = Math.max(1, edge('test', fractions.test));
    const held = edge('held', fractions.test + fractions.validation);
    const room: Record<Part, number> = { test, validation: Math.max(1, held - test), train: 0 };
    room.train = n - room.test - room.validation;
    assign(members, groups, room, parts);
  }
  return parts;
}

function assign(members: number[], groups: readonly SplitGroup[], room: Record<Part, number>, parts: Part[]): void {
  members.sort((a, b) => (groups[a]!.order < groups[b]!.order ? -1 : 1));
  const empty = new Set<Part>(PARTS);
  members.forEach((member, i) => {
    const { size } = groups[member]!;
    const must = members.length - i <= empty.size;
    const from = (['test', 'validation', 'train'] as const).filter((part) => !must || empty.has(part));
    const part = from.find((p) => room[p] >= size) ?? from.reduce((a, b) => (room[b] > room[a] ? b : a));
    parts[member] = part;
    room[part] -= size;
    empty.delete(part);
  });
}

/**
 * Strata of a regression: `bins` of equal count by the target's value; null (missing) is a stratum of its own
 * where it has enough members, else it joins the first bin. O(n log n).
 */
export function quantileStrata(values: readonly (number | null)[], bins = 10): string[] {
  const present = values.flatMap((v, i) => (v === null ? [] : [i])).sort((a, b) => values[a]! - values[b]!);
  const count = Math.max(1, Math.min(bins, Math.floor(present.length / 20)));
  const strata = new Array<string>(values.length);
  const missing = values.length - present.length;
  present.forEach((item, rank) => {
    // Equal values share a bin, or the order of the rows would decide.
    const first = rank > 0 && values[present[rank - 1]!] === values[item];
    strata[item] = first ? strata[present[rank - 1]!]! : bin(Math.floor((rank * count) / present.length));
  });
  values.forEach((v, i) => {
    if (v === null) strata[i] = missing >= 10 || present.length === 0 ? 'missing' : bin(0);
  });
  return strata;
}

/** Joins each stratum with fewer than MIN_GROUPS groups to its neighbour in order. O(n + strata). */
export function mergeSmallStrata(strata: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const s of strata) counts.set(s, (counts.get(s) ?? 0) + 1);
  const joined = new Map<string, string>();
  let target = '';
  let size: number = MIN_GROUPS;
  for (const name of [...counts.keys()].sort()) {
    if (size >= MIN_GROUPS) [target, size] = [name, 0];
    joined.set(name, target);
    size += counts.get(name)!;
  }
  // The last one may still be small: it joins the one before.
  if (size < MIN_GROUPS) {
    const before = [...new Set(joined.values())].at(-2);
    if (before !== undefined) for (const [name, to] of joined) if (to === target) joined.set(name, before);
  }
  return strata.map((s) => joined.get(s)!);
}

const bin = (i: number) => `q${String(i).padStart(3, '0')}`;
