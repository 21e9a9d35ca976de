/** Which points of a picture change places in its mirror image: left_eye becomes right_eye. */

/** A map: of an object "constructor", which a point may be called, would be a key. */
const OTHER_SIDE = new Map([
  ['left', 'right'],
  ['right', 'left'],
  ['l', 'r'],
  ['r', 'l'],
]);

/**
 * Pairs of names that differ in left and right alone (as a word, or l and r), each once, in the order of the first.
 * "left_eye" and "right_eye", "eyeL" and "eyeR", "LShoulder" and "RShoulder", "mouth left corner" and "mouth right corner". O(names).
 */
export function proposeSwaps(names: readonly string[]): [string, string][] {
  const byWords = new Map(names.map((name) => [words(name).join(' '), name]));
  const pairs: [string, string][] = [];
  const taken = new Set<string>();
  for (const name of names) {
    const partner = byWords.get(mirrored(words(name)).join(' '));
    if (partner === undefined || partner === name || taken.has(name) || taken.has(partner)) continue;
    taken.add(name).add(partner);
    pairs.push([name, partner]);
  }
  return pairs;
}

/** Points that keep their place in a mirror image: in none of the pairs, in their own order. */
export function unswapped(names: readonly string[], swaps: readonly (readonly [string, string])[]): string[] {
  const paired = new Set(swaps.flat());
  return names.filter((name) => !paired.has(name));
}

/** Names that speak of a side but have no pair among `swaps`: in a mirror image they name the wrong side. */
export function unpaired(names: readonly string[], swaps: readonly (readonly [string, string])[]): string[] {
  return unswapped(names, swaps).filter((name) => words(name).some((word) => OTHER_SIDE.has(word)));
}

export type Side = 'left' | 'right';

/** The side that a name speaks of, as a word or l and r; null where it speaks of none or of both. */
export function sideOf(name: string): Side | null {
  const sides = new Set(
    words(name)
      .filter((word) => OTHER_SIDE.has(word))
      .map((word) => (word.startsWith('l') ? ('left' as const) : ('right' as const))),
  );
  return sides.size === 1 ? [...sides][0]! : null;
}

function mirrored(of: string[]): string[] {
  return of.map((word) => OTHER_SIDE.get(word) ?? word);
}

/** "leftEye_outer2" -> left, eye, outer, 2 */
function words(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/([a-zA-Z])(\d)/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter(Boolean);
}
