/** A differential equation that cannot be solved: what becomes of a net that diverges, and no bug. */

export class SolverFailure extends Error {
  override readonly name = 'SolverFailure';
}

/** What the work comes to, or that it met an equation that cannot be solved. */
export async function orSolverFailure<Result>(work: Promise<Result>): Promise<Result | SolverFailure> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SolverFailure) return error;
    throw error;
  }
}
