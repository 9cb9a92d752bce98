/** What a run is given besides its config, checked before it begins: nets to begin from and be taught by, games to start from. */
import { loadNet } from '#nets/file.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { readStarts } from '#selfplay/zero/start-positions.ts';
import { trainedSpec } from '../board-lesson.ts';
import { freezeProblem } from '../freeze.ts';
import { startProblem } from '../start.ts';
import { zeroSpec } from './config.ts';
import type { ZeroConfig } from './config.ts';

/** @param isBegun a run that has begun needs the net no more that it began from. @returns a sentence that names the field, or null. */
export function inputProblem(config: ZeroConfig, isBegun: boolean): string | null {
  const { start, teacher, learner, selfPlay } = config;
  const spec = zeroSpec(config);
  const frozen = freezeProblem(weightShapes(trainedSpec(spec, learner)).keys(), learner.freeze);
  if (frozen !== null) return `Field learner.freeze: the net ${frozen}`;
  const unfit = start === null || isBegun ? null : startProblem(spec, start);
  if (unfit !== null) return `Field start: ${unfit}`;
  const taught = teacher === null ? null : loadNet(teacher);
  if (taught?.ok === false) return `Field teacher: ${taught.message}`;
  const starts = readStarts(selfPlay.startFiles);
  return starts.ok ? null : `Field selfPlay.startFiles: ${starts.message}`;
}
