/** Whose config the one of a folder is, so that the folder of another trainer is not taken for a damaged one of this. */
import { z } from 'zod';

type Trainer = 'train supervised' | 'train zero' | 'train distil' | 'net surface';

/** By a field that no other has; null for what is of none. */
function trainerOf(config: object): Trainer | null {
  if ('selfPlay' in config)
    return 'teacher' in config && config.teacher !== null ? 'train distil' : 'train zero';
  if ('nets' in config) return 'net surface';
  return 'data' in config ? 'train supervised' : null;
}

/** The schema, which refuses configs of other trainers than these as what they are. */
export function ofTrainer<Config>(
  trainers: readonly Trainer[],
  schema: z.ZodType<Config>,
): z.ZodType<Config> {
  return z.preprocess((given, context) => {
    const trainer = typeof given === 'object' && given !== null ? trainerOf(given) : null;
    if (trainer !== null && !trainers.includes(trainer))
      context.addIssue(`this folder is of ${trainer}; name another folder`);
    return given;
  }, schema);
}
