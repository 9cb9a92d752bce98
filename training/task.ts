/** What a supervised run is about: a net, and the lessons that it learns from and is measured by. */
import type { AnySpec } from '#nets/spec.ts';
import type { Lesson } from './lesson.ts';

/** Examples as they are, to measure by. */
export interface Examples {
  readonly count: number;
  lesson(indices: readonly number[]): Lesson;
  /** Whether none that is learned from is the same up to symmetry; missing where that is not known. */
  isNew?(index: number): boolean;
}

/** The lesson of a training step, from 0; who asks for it disposes. */
export type LessonOf = (step: number) => Lesson;

export interface Task {
  /** The net to train, with the heads that only training has. */
  readonly spec: AnySpec;
  /**
   * What is learned at each step, from 0: a function of the step alone, so that a resumed run learns the same. Computes
   * what draws depend on, where they depend on anything.
   * @param onProgress told of the examples that have been looked at for that.
   */
  lessons(onProgress?: (examples: number, total: number) => void): Promise<LessonOf>;
  /** What lessons are drawn from. */
  readonly examples: Examples;
  /** What is measured by along the way, and stopped by. */
  readonly validation: Examples;
  /** What neither has to do with; null where that has files of its own. */
  readonly test: Examples | null;
}

/** A refusal is one sentence that names the data at fault, or the field of the config. */
export type TaskResult =
  | { readonly ok: true; readonly task: Task }
  | {
      readonly ok: false;
      readonly message: string;
      /** Whether the config is at fault, whose file the message does not know. */
      readonly isOfConfig?: boolean;
    };

/** A refusal of the config. */
export const ofConfig = (message: string): TaskResult => ({ ok: false, message, isOfConfig: true });

export type ExamplesResult =
  { readonly ok: true; readonly examples: Examples } | { readonly ok: false; readonly message: string };
