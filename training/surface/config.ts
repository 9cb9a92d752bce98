/** What a surface is of: all that its bytes depend on but the tensor backend, which rounds in its own way. */
import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const SurfaceConfig = z.strictObject({
  /** Each with the hash of its file, and that of the examples as it sees them. */
  nets: z.array(z.strictObject({ path: z.string(), sha256, examplesSha256: sha256 })).min(1),
  /** Examples that losses are means over. */
  examples: z.int().min(1),
  /** See `Grid`. */
  side: z
    .int()
    .min(3)
    .refine((side) => side % 2 === 1, 'it has to be odd'),
  range: z.number().positive(),
  /** Of the directions. */
  seed: z.int(),
});
export type SurfaceConfig = z.infer<typeof SurfaceConfig>;
