/** The arguments of a bench, whether it was started itself or by `tengen bench NAME`. */
export function benchArguments(): string[] {
  const args = process.argv.slice(2);
  return args[0] === 'bench' ? args.slice(2) : args;
}
