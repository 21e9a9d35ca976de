/** FNV-1a over UTF-16 units, as a signed 32-bit number: seeds by name. Not for anything that an adversary may choose. */
export function hash32(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h | 0;
}
