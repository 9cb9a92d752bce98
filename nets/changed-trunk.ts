/** Nets that differ from others in fields of their trunk. */
import { Trunk } from './architectures/trunk.ts';
import type { AnySpec } from './spec.ts';

export type ChangedSpec<Spec> =
  { readonly ok: true; readonly spec: Spec } | { readonly ok: false; readonly message: string };

/** The same net with these fields of its trunk. A refusal names the first that is wrong. */
export function changeTrunk<Spec extends AnySpec>(
  spec: Spec,
  fields: Readonly<Record<string, unknown>>,
): ChangedSpec<Spec> {
  const parsed = Trunk.safeParse({ ...spec.trunk, ...fields });
  if (parsed.success) return { ok: true, spec: { ...spec, trunk: parsed.data } };
  const [{ path, message }] = parsed.error.issues;
  return { ok: false, message: `field trunk.${path.join('.')}: ${message}` };
}
