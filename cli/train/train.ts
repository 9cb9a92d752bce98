/** `tengen train`: the ways to make a net. */
import type { Command } from 'commander';
import { registerSupervised } from './supervised.ts';
import { registerDistil, registerZero } from './zero.ts';

export function registerTrain(program: Command): void {
  const train = program.command('train').description('train a net');
  registerSupervised(train);
  registerZero(train);
  registerDistil(train);
}
