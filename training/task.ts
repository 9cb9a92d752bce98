/** What a supervised run is about: a net, and the lessons that it learns from and is measured by. */
import type { AnySpec } from '#nets/spec.ts';
import type { Lesson } from './lesson.ts';

export interface Task {
  /** The net to train, with the heads that only training has. */
  readonly spec: AnySpec;
  /** Examples to learn from. */
  readonly examples: number;
  /** What is learned at a step, from 0: a function of the step alone, so that a resumed run learns the same. */
  lesson(step: number): Lesson;
  /** Examples that are kept for measuring. */
  readonly heldOut: number;
  /** Those of them at these indices, as they are. */
  heldOutLesson(indices: readonly number[]): Lesson;
}

/** A refusal is one sentence that names the file or option at fault. */
export type TaskResult =
  { readonly ok: true; readonly task: Task } | { readonly ok: false; readonly message: string };

/** What may be told while the data of a task are read. */
export type TaskReport = {
  readonly onProgress?: (done: number, total: number) => void;
  /** Told of records that are left out, with the reason. */
  readonly onSkipped?: (count: number, reason: string) => void;
};
