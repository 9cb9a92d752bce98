/** Dirichlet noise on the root's priors, so that self-play tries every move (Silver et al. 2017). */
import { gaussian } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import type { SearchGraph } from './graph.ts';

/** ln of a Gamma(shape, 1) variate (Marsaglia and Tsang 2000); the logarithm because small shapes underflow. */
function logGamma(shape: number, rng: Rng): number {
  if (shape < 1) return logGamma(shape + 1, rng) + Math.log(1 - rng.nextFloat()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = gaussian(rng);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - rng.nextFloat()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return Math.log(d * v);
  }
}

/** @returns float64 [count], a draw from the symmetric Dirichlet distribution with this sum of alphas. */
function dirichlet(count: number, concentration: number, rng: Rng): Float64Array {
  const logs = Float64Array.from({ length: count }, () => logGamma(concentration / count, rng));
  const most = logs.reduce((a, b) => Math.max(a, b));
  const weights = logs.map((log) => Math.exp(log - most));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** P := (1 - weight) * P + weight * Dirichlet, on the root's edges. */
export function addRootNoise(graph: SearchGraph, weight: number, concentration: number, rng: Rng): void {
  const count = graph.edges[graph.root];
  const first = graph.firstEdge[graph.root];
  const noise = dirichlet(count, concentration, rng);
  for (let i = 0; i < count; i++)
    graph.edgePrior[first + i] = (1 - weight) * graph.edgePrior[first + i] + weight * noise[i];
  graph.frontLikeliest(graph.root);
}
