/** What `provider-trial.ts` answers to `doctor.ts`: one JSON object on the last line that it prints. */
import { z } from 'zod';
import { parseJson } from '#nets/json.ts';

/** Of the shipped net on an empty 9x9 board. */
const ProviderTrial = z.strictObject({
  evaluationsPerSecond: z.number(),
  valueToPlay: z.number(),
  policyLogits: z.array(z.number()),
});
export type ProviderTrial = z.infer<typeof ProviderTrial>;

const ProviderAnswer = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), trial: ProviderTrial }),
  /** It starts where the net opens; what fails then is no missing library or driver. */
  z.strictObject({ ok: z.literal(false), starts: z.boolean(), message: z.string() }),
]);
export type ProviderAnswer = z.infer<typeof ProviderAnswer>;

/** As `spawnSync` tells it. */
type Ended = {
  /** Null where there was no process. */
  readonly stdout: string | null;
  readonly status: number | null;
  readonly signal: string | null;
  readonly error?: NodeJS.ErrnoException;
};

/** On a line of its own, whatever drivers have printed before. */
export const makeAnswer = (answer: ProviderAnswer): string => `\n${JSON.stringify(answer)}\n`;

/** The answer of a process that has ended, be it without one. */
export function readAnswer({ stdout, status, signal, error }: Ended): ProviderAnswer {
  const lastLine = stdout?.trimEnd().split('\n').at(-1) ?? '';
  const answer = ProviderAnswer.safeParse(parseJson(lastLine));
  if (answer.success) return answer.data;
  const how = error?.code ?? signal ?? `exit code ${status}`;
  return { ok: false, starts: true, message: `its trial ended without an answer (${how})` };
}
