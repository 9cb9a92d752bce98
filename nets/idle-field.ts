/** Fields of trunks that nothing is made of, and that are refused where they are asked for. Nets of files may have them. */
import type { Trunk } from './architectures/trunk.ts';

/** One sentence on the first such field, or null. @param asked the fields that are not merely the architecture's own. */
export function idleField(trunk: Trunk, asked: Readonly<Record<string, unknown>> = {}): string | null {
  switch (trunk.kind) {
    case 'residual': {
      const { form, shortcut, start } = trunk;
      if (form !== 'plain') return null;
      if (shortcut !== 'identity')
        return 'field trunk.shortcut: plain has no shortcuts to project; leave it at identity';
      return start === 'unscaled'
        ? null
        : `field trunk.start: ${start} starts branches beside shortcuts, and plain has none; leave it at unscaled`;
    }
    case 'alexnet':
    case 'vgg':
      return trunk.hidden.length === 0 && trunk.dropout > 0
        ? 'field trunk.dropout: it lies behind the hidden layers, and there is none; give 0'
        : null;
    case 'fractal': {
      const isAlone = trunk.columns === 1 || trunk.column !== undefined;
      return isAlone && 'dropPath' in asked && trunk.dropPath > 0
        ? 'field trunk.dropPath: paths are dropped where columns join, and there is one column; leave it out'
        : null;
    }
    case 'densenet':
      return trunk.blocks.length === 1 && 'compression' in asked && trunk.compression < 1
        ? 'field trunk.compression: it is of what lies between blocks, and there is one block; leave it out'
        : null;
    default:
      return null;
  }
}
