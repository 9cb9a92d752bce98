/** `tengen bench` as a process of its own. */
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { zeroNetPath } from '#nets/weights.ts';
import { MAIN, runToEnd } from './tengen.ts';

test("the folder of a run stands for its net in the bench of self-play's speed", () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-bench-'));
  copyFileSync(zeroNetPath, join(folder, 'net.safetensors'));
  const quick = ['--seconds', '1', '--workers', '1', '--concurrent', '1', '--visits', '2', '--size', '5'];
  const { code, out, err } = runToEnd(MAIN, folder, ['bench', 'selfplay', '--nets', '.', ...quick, '--json']);
  expect(code, err).toBe(0);
  expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ net: '.' }));
});
