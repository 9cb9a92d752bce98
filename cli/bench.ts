/** `tengen bench`: runs the benches of the folder `bench/` by name. */
import { readdirSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError, EXIT } from './common.ts';

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
    .argument('[options...]', '--json prints one JSON value; search takes --net FILE')
    .allowUnknownOption()
    .addHelpText('after', '\nExamples:\n  tengen bench board\n  tengen bench search --net NET')
    .action(async (name: string) => {
      const names = benchNames();
      if (!names.includes(name))
        throw new CliError(EXIT.usage, `There is no bench "${name}"; there are ${names.join(', ')}.`);
      // A bench is a script: it reads its options from the arguments of the process.
      try {
        await import(new URL(`${name}.ts`, FOLDER).href);
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        throw code.startsWith('ERR_PARSE_ARGS') ? new CliError(EXIT.usage, message) : error;
      }
    });
}
