/** -sum p ln p of probabilities, in nats. */
export function entropy(probabilities: Float32Array | Float64Array): number {
  let sum = 0;
  for (const p of probabilities) if (p > 0) sum -= p * Math.log(p);
  return sum;
}
