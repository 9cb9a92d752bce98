/** One path for several nets that give their mean opinion: "a.safetensors+b.safetensors". */
import { existsSync } from 'node:fs';

/** The net files that a path names: that file itself where there is one, else what stands between its plus signs. */
export function netFiles(path: string): readonly string[] {
  return existsSync(path) ? [path] : path.split('+');
}
