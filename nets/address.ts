/**
 * Where a net is and how it is to be used, where its trunk leaves a choice: FILE; a differential equation as FILE#rtol=0.01
 * (solved within that tolerance, relative and absolute) or FILE#steps=4 (in so many steps of one size); one column of a
 * FractalNet as FILE#column=2 (counted from the shallowest).
 */
import { OdeTrunk } from './architectures/ode.ts';
import type { Trunk } from './architectures/trunk.ts';

type Dial = { readonly name: 'rtol' | 'steps' | 'column'; readonly text: string };

export type NetAddress = { readonly file: string; readonly dial: Dial | null };

export function parseAddress(address: string): NetAddress {
  const [, file, name, text] = /^(.+)#(rtol|steps|column)=([^#]*)$/s.exec(address) ?? [];
  return file === undefined
    ? { file: address, dial: null }
    : { file, dial: { name: name as Dial['name'], text } };
}

export const makeAddress = ({ file, dial }: NetAddress): string =>
  dial === null ? file : `${file}#${dial.name}=${dial.text}`;

/** The trunk with its dial turned, or a sentence that says why it cannot be. What is left of it needs no other weights. */
export function turned(trunk: Trunk, { name, text }: Dial): Trunk | string {
  const value = text.trim() === '' ? NaN : Number(text);
  return name === 'column' ? columnOf(trunk, value, text) : solvedBy(trunk, name, value, text);
}

function columnOf(trunk: Trunk, value: number, text: string): Trunk | string {
  if (trunk.kind !== 'fractal') return 'its trunk is no FractalNet, which #column is for';
  if (trunk.column !== undefined) return `it is column ${trunk.column} of a net, and has no others`;
  if (Number.isInteger(value) && value >= 1 && value <= trunk.columns) return { ...trunk, column: value };
  return `#column=${text} is none of its columns, 1 to ${trunk.columns}`;
}

function solvedBy(trunk: Trunk, name: 'rtol' | 'steps', value: number, text: string): Trunk | string {
  if (trunk.kind !== 'ode') return `its trunk is no differential equation, which #${name} is for`;
  const { kind } = trunk.solver;
  const solver =
    name === 'rtol'
      ? { kind: 'dopri5', rtol: value, atol: value }
      : { kind: kind === 'dopri5' ? 'rk4' : kind, steps: value };
  const checked = OdeTrunk.safeParse({ ...trunk, solver });
  if (checked.success) return checked.data;
  return name === 'rtol'
    ? `#rtol=${text} is no tolerance; give a number from 1e-7 to 1`
    : `#steps=${text} is no number of steps; give a whole number from 1 to 64`;
}
