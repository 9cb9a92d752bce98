/** `tengen net column`: a column of a FractalNet as a net of its own. */
import { columnOf } from '#nets/fractal-column.ts';
import { saveNet } from '#nets/file.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { checkTarget, load, netPath } from './common.ts';

export function column(net: string, flags: { column: number; to: string; json?: boolean }): void {
  const path = netPath(net);
  const alone = columnOf(load(path), flags.column);
  if (!alone.ok) throw new CliError(EXIT.badInput, `${path}: ${alone.message}`);
  checkTarget(path, flags.to);
  saveNet(flags.to, alone.net);
  emit(
    flags.json,
    { net: path, column: flags.column, to: flags.to },
    () => `column ${flags.column} of ${path} is now ${flags.to}`,
  );
}
