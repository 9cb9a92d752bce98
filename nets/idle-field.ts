/** Fields of trunks that nothing is made of, and that are refused where they are asked for. Nets of files may have them. */
import type { Trunk } from './architectures/trunk.ts';

/** One sentence on the first such field, or null. */
export function idleField(trunk: Trunk): string | null {
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
    default:
      return null;
  }
}
