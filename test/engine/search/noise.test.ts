/** Dirichlet noise on the root's priors. */
import { expect, test } from 'vitest';
import { BLACK } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { addRootNoise } from '#engine/search/noise.ts';
import { SearchGraph } from '#engine/search/graph.ts';

/** A graph of an expanded root with these priors for moves 0, 1, ... */
function rootWith(priors: readonly number[]): SearchGraph {
  const graph = new SearchGraph();
  graph.addNode(BLACK);
  const first = graph.addEdges(graph.root, priors.length);
  priors.forEach((prior, i) => {
    graph.edgeMove[first + i] = i;
    graph.edgePrior[first + i] = prior;
  });
  graph.frontLikeliest(graph.root);
  return graph;
}

/** Priors by move after noise. */
function noisy(priors: readonly number[], weight: number, concentration: number, seed: number): number[] {
  const graph = rootWith(priors);
  addRootNoise(graph, weight, concentration, makeRng(seed));
  const result: number[] = [];
  for (let edge = 0; edge < priors.length; edge++) result[graph.edgeMove[edge]] = graph.edgePrior[edge];
  return result;
}

const PRIORS = [0.5, 0.3, 0.15, 0.05];

test('priors with noise are a distribution that keeps the share of the net', () => {
  for (let seed = 0; seed < 200; seed++) {
    const after = noisy(PRIORS, 0.25, 10.83, seed);
    expect(after.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    after.forEach((prior, move) => {
      expect(prior).toBeGreaterThanOrEqual(0.75 * PRIORS[move] - 1e-6);
      expect(prior).toBeLessThanOrEqual(0.75 * PRIORS[move] + 0.25 + 1e-6);
    });
  }
});

test('the likeliest unreached move stands first again', () => {
  for (let seed = 0; seed < 50; seed++) {
    const graph = rootWith(PRIORS);
    addRootNoise(graph, 0.9, 1, makeRng(seed));
    expect(graph.edgePrior[0]).toBe(Math.max(...graph.edgePrior.subarray(0, PRIORS.length)));
  }
});

test('the noise has the mean 1 / n and the variance of its concentration', () => {
  // Symmetric Dirichlet with alphas that sum to c: variance (1/n) (1 - 1/n) / (c + 1).
  const [count, concentration, draws] = [10, 4, 4000];
  const first = Array.from(
    { length: draws },
    (_, seed) => noisy(Array(count).fill(0.1), 1, concentration, seed)[0],
  );
  const mean = first.reduce((a, b) => a + b) / draws;
  const variance = first.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws;
  expect(mean).toBeCloseTo(0.1, 1.9);
  expect(variance / ((0.1 * 0.9) / 5)).toBeGreaterThan(0.85);
  expect(variance / ((0.1 * 0.9) / 5)).toBeLessThan(1.15);
});

test('alphas so small that a draw would underflow still give a distribution', () => {
  const after = noisy(Array(362).fill(1 / 362), 1, 0.36, 3);
  expect(after.every(Number.isFinite)).toBe(true);
  expect(after.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
});
