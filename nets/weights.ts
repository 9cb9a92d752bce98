/** Where the shipped net lies. */
import { fileURLToPath } from 'node:url';

export const defaultNetPath: string = fileURLToPath(
  new URL('./weights/default.safetensors', import.meta.url),
);
