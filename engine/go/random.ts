/** The explicit random generator that everything random takes: xoshiro128** of Blackman and Vigna, seeded by SplitMix32. */

export interface Rng {
  /** Uniform in [0, 1). */
  nextFloat(): number;
  /** Uniform whole number in [0, n). */
  nextInt(n: number): number;
}

/** @param seed any integer; the same seed gives the same sequence on every machine. */
export function makeRng(seed: number): Rng {
  let state = seed | 0;
  const splitMix = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let [a, b, c, d] = [splitMix(), splitMix(), splitMix(), splitMix()];
  const nextFloat = (): number => {
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result / 2 ** 32;
  };
  return { nextFloat, nextInt: (n) => Math.floor(nextFloat() * n) };
}
