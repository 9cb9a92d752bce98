/** Where the nets that come with the program lie. */
import { fileURLToPath } from 'node:url';

const pathOf = (name: string): string =>
  fileURLToPath(new URL(`./weights/${name}.safetensors`, import.meta.url));

/** The one that everything plays with. */
export const defaultNetPath: string = pathOf('default');
/** What self-play made from nothing. */
export const zeroNetPath: string = pathOf('zero-9x9');
