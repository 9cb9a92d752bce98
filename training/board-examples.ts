/** Positions of Go as examples to measure by, whatever games they are of. */
import { boardLesson } from './board-lesson.ts';
import { makeBatch } from './example.ts';
import type { Example } from './example.ts';
import type { LearnerConfig } from './learner-config.ts';
import type { Examples } from './task.ts';

type Source = { readonly positions: number; at(index: number): Example };

export function boardExamples(source: Source, learner: LearnerConfig): Examples {
  return {
    count: source.positions,
    lesson: (indices) => boardLesson(makeBatch(indices.map((index) => source.at(index))), learner),
  };
}
