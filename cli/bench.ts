/** `tengen bench`: runs the benches of the folder `bench/` by name. */
import { readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { BenchRefusal } from '../bench/common/refusal.ts';
import { CliError, EXIT, refuse } from './common.ts';

const FOLDER = new URL('../bench/', import.meta.url);

function benchNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replace(/\.ts$/, ''));
}

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('measure this machine')
    .argument('<name>', `one of: ${benchNames().join(', ')}`)
    .argument('[options...]', '--json prints one JSON value; see below for those of each bench')
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
Benches:
  board             light playouts a second
  features          time to compute what nets see
  known-results     whether a self-play run on a small board found what is known of it; --run FOLDER --margin POINTS
                    --net FILE --visits 400 --games 10 --every 5 --svg FILE
  learning          positions learned from a second, and what else a step consists of; --nets 4x32,5x48 --size 9
                    --batch 128 --backend torch --threads 1
  legal-positions   counts of legal positions, against the known ones
  search            visits a second; --net FILE, Tengen's or KataGo's
  selfplay          games of self-play a second; --nets 4x32,zero-9x9,FILE --size 9 --visits 16 --workers CORES
                    --concurrent 16 --seconds 30
  soak              memory of searches back to back; --minutes N (1)
  tensors           positions a second of training and evaluation on each backend, beside PyTorch and stock tfjs;
                    --nets 4x32,6x96 --sizes 9,19 --batch 64 --threads 1 --device cuda --only torch,wasm

Examples:
  tengen bench board
  tengen bench search --net FILE.bin.gz`,
    )
    .action(async (name: string) => {
      const names = benchNames();
      if (!names.includes(name))
        throw new CliError(EXIT.usage, `There is no bench "${name}"; there are ${names.join(', ')}.`);
      // A bench is a script: it reads its options from the arguments of the process.
      try {
        await import(new URL(`${name}.ts`, FOLDER).href);
      } catch (error) {
        if (error instanceof BenchRefusal) refuse(error);
        throw error;
      }
    });
}
