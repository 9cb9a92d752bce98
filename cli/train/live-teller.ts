/** live.json only tells how far a run is: no failed write of it, as on a disk that is full for a moment, may end the run. */
import type { LiveRun } from '#selfplay/run/run-files.ts';
import { explain } from '../report-error.ts';

/** @param onNote told where writing begins to fail, and where it works again. */
export function liveTeller(
  write: (live: LiveRun) => void,
  onNote: (sentence: string) => void,
): (live: LiveRun) => void {
  let fails = false;
  return (live) => {
    const before = fails;
    try {
      write(live);
      fails = false;
      if (before) onNote('live.json is written again.');
    } catch (error) {
      fails = true;
      if (!before) onNote(`${explain(error)}; meanwhile the run goes on untold`);
    }
  };
}
