/**
 * sfc32 (Chris Doty-Humphrey, PractRand; passes PractRand and TestU01 BigCrush): small, fast and the same on every machine.
 * Returns uniform integers in [0, 2^32).
 */
export function sfc32(a: number, b: number, c: number): () => number {
  let counter = 1;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** A generator seeded by the first 96 bits of a hexadecimal digest, so that whoever has the digest can repeat the draws. */
export function randomFromDigest(digest: string): () => number {
  if (!/^[0-9a-f]{24}/i.test(digest)) throw new RangeError('A seed needs at least 24 hexadecimal digits.');
  const word = (i: number) => Number.parseInt(digest.slice(8 * i, 8 * i + 8), 16) | 0;
  return sfc32(word(0), word(1), word(2));
}
