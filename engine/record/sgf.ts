/** SGF in one import: the tree, its parser and its writer. */
export {
  addNode,
  decodeSimpleText,
  decodeText,
  encodeText,
  mainLine,
  splitComposed,
  type SgfNode,
} from './sgf-node.ts';
export { parseSgf } from './sgf-parse.ts';
export { makeSgf } from './sgf-write.ts';
