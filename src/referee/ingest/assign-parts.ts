import { createHash } from 'node:crypto';
import { FINGERPRINT_BYTES, groupByFingerprint, groupClass } from '#core/data/groups.ts';
import { naturalOrder } from '#core/data/natural-order.ts';
import { addProblem } from '#core/data/report.ts';
import { MIN_GROUPS, mergeSmallStrata, type Part, quantileStrata, splitGroups } from '#core/data/split.ts';
import { AppError } from '#core/errors.ts';
import type { Collected } from './collected.ts';

export interface Assignment {
  /** items of each part, in the order of the packs: by a hash of content and seed */
  parts: Record<Part, number[]>;
  /** groups of two and more, in the same order */
  groups: { part: Part; items: number[] }[];
  /** names, for classifications */
  classes: string[];
  contentDigest: string;
  splitDigest: string;
}

/**
 * Groups what is equal, splits by class or target, and fixes the order, all from the content alone: neither names nor
 * the order of files change anything. Classes too small to be in every part are dropped where `drop` allows it.
 * @throws AppError `invalid_data`
 */
export async function assignParts(items: Collected, drop: boolean): Promise<Assignment> {
  const { fingerprints, output } = items;
  const printOf = (item: number) => fingerprints.subarray(item * FINGERPRINT_BYTES, (item + 1) * FINGERPRINT_BYTES);
  const answerOf = (item: number) =>
    output.type === 'classes'
      ? output.of[item]!
      : output.values.subarray(item * output.targets.length, (item + 1) * output.targets.length).join(' ');
  let groups = groupByFingerprint(fingerprints).members;
  await breathe();
  // Equal items differ in their answer or in nothing that matters.
  for (const group of groups) {
    if (group.length === 1) continue;
    const answers = new Map(group.map((item) => [item, answerOf(item)]));
    group.sort((a, b) => (answers.get(a)! < answers.get(b)! ? -1 : answers.get(a)! > answers.get(b)! ? 1 : a - b));
  }
  let classes: string[] = [];
  if (output.type === 'classes') ({ groups, classes } = dropSmallClasses(items, groups, output.of, drop));
  if (groups.length < MIN_GROUPS)
    throw new AppError(
      'invalid_data',
      `Only ${groups.length} different items are left; a split needs ${MIN_GROUPS} or more. Upload more items.`,
    );

  const content = createHash('sha256');
  for (const [k, group] of groups.entries()) {
    content.update(`${printOf(group[0]!).toString('hex')} ${group.map(answerOf).join('|')}\n`);
    if (k % YIELD_EVERY === 0) await breathe();
  }
  const contentDigest = content.digest('hex');

  const strata = output.type === 'classes' ? groups.map((g) => groupClass(g, answerOf)) : numberStrata(groups, output);
  const orders: string[] = [];
  for (const [k, group] of groups.entries()) {
    orders.push(createHash('sha256').update(contentDigest).update(printOf(group[0]!)).digest('hex'));
    if (k % YIELD_EVERY === 0) await breathe();
  }
  const partOf = splitGroups(groups.map((g, k) => ({ size: g.length, stratum: strata[k]!, order: orders[k]! })));

  const parts: Record<Part, number[]> = { train: [], validation: [], test: [] };
  const several: Assignment['groups'] = [];
  const split = createHash('sha256');
  // Another half of the hash than the split went by: by the same one, train would begin where the others' share ends.
  const packOrder = orders.map((order) => order.slice(32));
  for (const k of [...groups.keys()].sort((a, b) => (packOrder[a]! < packOrder[b]! ? -1 : 1))) {
    const [group, part] = [groups[k]!, partOf[k]!];
    for (const item of group) parts[part].push(item);
    if (group.length > 1) several.push({ part, items: group });
    split.update(`${part} ${printOf(group[0]!).toString('hex')} ${group.length}\n`);
  }
  return { parts, groups: several, classes, contentDigest, splitDigest: split.digest('hex') };
}

/** The lease is renewed by a timer, which a loop over millions of groups would hold up. */
const YIELD_EVERY = 4096;
const breathe = () => new Promise(setImmediate);

/** Each class needs three different items, one for each part. */
function dropSmallClasses(items: Collected, groups: number[][], of: readonly string[], drop: boolean) {
  const counts = new Map<string, number>();
  for (const label of of) counts.set(label, 0);
  for (const group of groups) {
    const label = groupClass(group, (item) => of[item]!);
    counts.set(label, counts.get(label)! + 1);
  }
  const small = [...counts].filter(([, n]) => n < MIN_GROUPS).map(([name]) => name);
  const message = (name: string) =>
    `has ${counts.get(name)} different ${counts.get(name) === 1 ? 'item' : 'items'}; a class needs at least ${MIN_GROUPS}, one for each part`;
  if (small.length && !drop)
    throw new AppError(
      'invalid_data',
      `Class "${small[0]}" ${message(small[0]!)}. Choose to drop it, or cancel, mend the data and upload it again.`,
      { items: small.map((name) => ({ path: `class "${name}"`, message: message(name) })) },
    );
  for (const name of small) addProblem(items.dropped, `class "${name}"`, message(name));
  const gone = new Set(small);
  const classes = [...counts.keys()].filter((name) => !gone.has(name)).sort(naturalOrder);
  if (classes.length < 2)
    throw new AppError(
      'invalid_data',
      `A classification needs two classes with ${MIN_GROUPS} different items or more; ${classes.length === 1 ? `only "${classes[0]}" has them` : 'none has them'}.`,
    );
  const kept = small.length
    ? groups.map((g) => g.filter((item) => !gone.has(of[item]!))).filter((g) => g.length > 0)
    : groups;
  return { groups: kept, classes };
}

/** One target: bins of equal count. Several: complete items apart from those with gaps, so that each part has its share. */
function numberStrata(groups: number[][], output: Extract<Collected['output'], { type: 'numbers' }>): string[] {
  const width = output.targets.length;
  const first = groups.map((g) => g[0]!);
  if (width === 1) return mergeSmallStrata(quantileStrata(first.map((item) => output.values[item]!)));
  const complete = (item: number) => !output.values.subarray(item * width, (item + 1) * width).some(Number.isNaN);
  return mergeSmallStrata(first.map((item) => (complete(item) ? 'complete' : 'gaps')));
}
