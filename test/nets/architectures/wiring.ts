/** How a net is wired, for tests of what papers put behind what. */
import type { Layers } from '#nets/architectures/layers.ts';
import type { Scale } from '#nets/architectures/parts.ts';
import { buildTrunk } from '#nets/architectures/trunk.ts';
import type { Trunk } from '#nets/architectures/trunk.ts';

/** A layer as it was asked for: what stands behind its name, where other layers are called by theirs. */
export type Wired = { readonly word: keyof Layers<string>; readonly args: readonly unknown[] };

/** The layers that `build` asks for, by their names and in its order. */
export function wiring(target: Scale, build: (l: Layers<string>) => void): ReadonlyMap<string, Wired> {
  const wired = new Map<string, Wired>();
  const seen = { planes: 'planes', globals: target === 'board' ? 'globals' : null };
  const get = (_: unknown, word: keyof Layers<string>): unknown =>
    word in seen
      ? seen[word as keyof typeof seen]
      : (name: string, ...args: unknown[]) => {
          wired.set(name, { word, args });
          return name;
        };
  build(new Proxy({}, { get }) as Layers<string>);
  return wired;
}

export const trunkWiring = (target: Scale, trunk: Trunk): ReadonlyMap<string, Wired> =>
  wiring(target, (l) => buildTrunk(l, trunk));
