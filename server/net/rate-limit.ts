/** Token buckets: so many at once, and so many a second after that. */

export type RateLimit = { readonly burst: number; readonly perSecond: number };

/** @param now milliseconds, from any fixed start. */
export function makeBucket(limit: RateLimit, now: () => number): { take(): boolean; isFull(): boolean } {
  let tokens = limit.burst;
  let then = now();
  function refill(): void {
    const present = now();
    tokens = Math.min(limit.burst, tokens + ((present - then) / 1000) * limit.perSecond);
    then = present;
  }
  return {
    take() {
      refill();
      if (tokens < 1) return false;
      tokens--;
      return true;
    },
    isFull() {
      refill();
      return tokens === limit.burst;
    },
  };
}

/** One bucket for each address; full ones are forgotten, so the table stays small. */
export function makeAddressLimit(limit: RateLimit, now: () => number): (address: string) => boolean {
  const buckets = new Map<string, ReturnType<typeof makeBucket>>();
  return (address) => {
    if (buckets.size > 1000)
      for (const [known, bucket] of buckets) if (bucket.isFull()) buckets.delete(known);
    let bucket = buckets.get(address);
    if (bucket === undefined) buckets.set(address, (bucket = makeBucket(limit, now)));
    return bucket.take();
  };
}
