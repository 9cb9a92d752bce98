/** Which layers of a net keep their weights. */

/** The layer of a weight: "trunk/bn" of "trunk/bn/gamma", "trunk/ode" of "trunk/ode/half1/gamma" (see `odeWeights`). */
export const layerOf = (weight: string): string => weight.replace(/(\/half[12])?\/[^/]*$/, '');

/** @param patterns names of layers, in which * stands for anything. */
export function isFrozen(layer: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replaceAll(/[^\w*]/g, String.raw`\$&`).replaceAll('*', '.*');
    return new RegExp(`^${source}$`).test(layer);
  });
}

/** What is wrong with freezing these layers of a net with such weights, as "has no layer ..."; null where nothing is. */
export function freezeProblem(weights: Iterable<string>, patterns: readonly string[]): string | null {
  const layers = Array.from(weights, layerOf);
  const idle = patterns.find((pattern) => !layers.some((layer) => isFrozen(layer, [pattern])));
  if (idle !== undefined) {
    const hasParts = layers.some((layer) => isFrozen(layer, [`${idle}/*`]));
    return `has no layer ${idle} to freeze${hasParts ? `; those in it are ${idle}/*` : ''}`;
  }
  return layers.every((layer) => isFrozen(layer, patterns)) ? 'has no layer left to learn' : null;
}
