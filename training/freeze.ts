/** Which layers of a net keep their weights. */

/** The layer of a weight: "trunk/bn" of "trunk/bn/gamma". */
export const layerOf = (weight: string): string => weight.slice(0, weight.lastIndexOf('/'));

/** @param patterns names of layers, in which * stands for anything. */
export function isFrozen(layer: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const source = pattern.replaceAll(/[^\w*]/g, String.raw`\$&`).replaceAll('*', '.*');
    return new RegExp(`^${source}$`).test(layer);
  });
}

/** The first pattern that no layer with weights has, which freezes nothing; or null. */
export function idlePattern(weights: Iterable<string>, patterns: readonly string[]): string | null {
  const layers = Array.from(weights, layerOf);
  return patterns.find((pattern) => !layers.some((layer) => isFrozen(layer, [pattern]))) ?? null;
}
