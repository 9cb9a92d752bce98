/** Paths in configs, which mean the same however they are spelled. */
import { resolve } from 'node:path';
import { netInFolder, netPath } from '#nets/net-files.ts';
import { isTree } from './config-tree.ts';
import type { Tree } from './config-tree.ts';

type Spelling = (path: string, known: unknown) => string;

/** Fields of configs, and of their `data`, that name nets, or files and folders of other kinds. */
const NETS = ['start', 'teacher', 'sampler'];
const OTHERS = ['folder', 'files', 'runs'];

/**
 * The config, or part of one, with the net of a run where a field for nets names the run's folder.
 * @param stored config of the run that is there: what means the same place, which may be gone, is spelled as it has it.
 * @param wasMoved whether the file at the first path may be the one that lay at the second.
 */
export function withPaths<Config extends Tree>(
  config: Config,
  stored: Tree | null = null,
  wasMoved: (path: string, from: string) => boolean = () => false,
): Config {
  const isSame = (path: string, known: unknown): known is string =>
    typeof known === 'string' && (resolve(path) === resolve(known) || wasMoved(path, known));
  const ofNet: Spelling = (path, known) =>
    isSame(path, known) || isSame(netInFolder(path), known) ? (known as string) : netPath(path);
  const ofOther: Spelling = (path, known) => (isSame(path, known) ? known : path);
  const spelled = (tree: Tree, as: unknown): Tree => {
    const known = isTree(as) ? as : {};
    return respelled(respelled(tree, known, NETS, ofNet), known, OTHERS, ofOther);
  };
  const { data } = config;
  return {
    ...spelled(config, stored),
    ...(isTree(data) ? { data: spelled(data, stored?.data) } : {}),
  } as Config;
}

function respelled(tree: Tree, known: Tree, fields: readonly string[], spelling: Spelling): Tree {
  const spell = (given: unknown, as: unknown): unknown => {
    if (Array.isArray(given))
      return given.map((each, i) => spell(each, Array.isArray(as) ? as[i] : undefined));
    return typeof given === 'string' ? spelling(given, as) : given;
  };
  const named = fields.filter((field) => field in tree);
  return { ...tree, ...Object.fromEntries(named.map((field) => [field, spell(tree[field], known[field])])) };
}
