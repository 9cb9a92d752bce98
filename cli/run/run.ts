/** `tengen run ...`: what may be done with the folders of runs. */
import type { Command } from 'commander';
import { filePath } from '../common.ts';
import { exportRun } from './export.ts';

export function registerRun(program: Command): void {
  const run = program.command('run').description('look into the folders of training runs');
  run
    .command('export')
    .description('write what a run has measured for other programs')
    .argument('<run>', 'folder of the run', filePath)
    .option('--csv <folder>', 'tables for spreadsheets: metrics, generations, matches and ratings', filePath)
    .option('--tensorboard <folder>', 'an event file for TensorBoard', filePath)
    .option('--json <file>', 'one JSON object with everything', filePath)
    .addHelpText(
      'after',
      `
Examples:
  tengen run export runs/zero --csv tables
  tengen run export runs/zero --tensorboard logs/zero && tensorboard --logdir logs`,
    )
    .action(exportRun);
}
