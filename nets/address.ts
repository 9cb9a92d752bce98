/**
 * Where a net is and, where its trunk is a differential equation, how well it is to be solved: FILE, FILE#rtol=0.01 (within
 * that tolerance, relative and absolute) or FILE#steps=4 (in so many steps of one size).
 */
import { OdeTrunk } from './architectures/ode.ts';
import type { Trunk } from './architectures/trunk.ts';

type Dial = { readonly name: 'rtol' | 'steps'; readonly text: string };

export type NetAddress = { readonly file: string; readonly dial: Dial | null };

export function parseAddress(address: string): NetAddress {
  const [, file, name, text] = /^(.+)#(rtol|steps)=([^#]*)$/s.exec(address) ?? [];
  return file === undefined
    ? { file: address, dial: null }
    : { file, dial: { name: name as Dial['name'], text } };
}

export const makeAddress = ({ file, dial }: NetAddress): string =>
  dial === null ? file : `${file}#${dial.name}=${dial.text}`;

/** The trunk with its dial turned, or a sentence that says why it cannot be. */
export function turned(trunk: Trunk, { name, text }: Dial): OdeTrunk | string {
  if (trunk.kind !== 'ode') return `its trunk is no differential equation, which #${name} is for`;
  const value = text.trim() === '' ? NaN : Number(text);
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
