/** Nets that differ from others in fields of their trunk or heads. */
import { checked } from './checked.ts';
import { idleField } from './idle-field.ts';
import { ImageSpec, NetSpec, isImageSpec } from './spec.ts';
import type { AnySpec } from './spec.ts';

type Fields = Readonly<Record<string, unknown>>;

export type SpecChanges = { readonly trunk?: Fields; readonly heads?: Fields };

export type ChangedSpec<Spec> =
  { readonly ok: true; readonly spec: Spec } | { readonly ok: false; readonly message: string };

/** The same net with these fields. A refusal names the first that is wrong or without effect. */
export function changeSpec<Spec extends AnySpec>(
  spec: Spec,
  { trunk, heads }: SpecChanges,
): ChangedSpec<Spec> {
  const schema = isImageSpec(spec) ? ImageSpec : NetSpec;
  const changed = checked<AnySpec>(schema, {
    ...spec,
    trunk: { ...spec.trunk, ...trunk },
    heads: { ...spec.heads, ...heads },
  });
  if (!changed.ok) return changed;
  const idle = idleField(changed.value.trunk, trunk);
  return idle === null ? { ok: true, spec: changed.value as Spec } : { ok: false, message: idle };
}
