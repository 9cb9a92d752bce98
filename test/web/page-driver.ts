/** Plays on the page as a person does, and reads off it what a person can read. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Rng } from '#engine/go/random.ts';

/** Errors that the page reported; a test ends by expecting none. */
export function collectErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return errors;
}

/** What the points are called, in point order. */
export async function readLabels(page: Page): Promise<string[]> {
  return page
    .locator('tengen-board [data-point]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label') ?? ''));
}

/** [area] of 0, 1, 2 as the labels name them. */
export async function readStones(page: Page): Promise<number[]> {
  const labels = await readLabels(page);
  return labels.map((label) => (label.includes('black stone') ? 1 : label.includes('white stone') ? 2 : 0));
}

export async function readStatus(page: Page): Promise<string> {
  return (await page.locator('tengen-players-panel .status').textContent()) ?? '';
}

/** Waits until the engine has answered. @returns the status line. */
export async function waitForTurn(page: Page): Promise<string> {
  await expect.poll(() => readStatus(page), { timeout: 30_000 }).toMatch(/Your turn|Choose stones|wins|draw/);
  return readStatus(page);
}

/** Starts a game against the weakest engine through the dialog, which opens by itself on a first visit. */
export async function startGame(
  page: Page,
  options: { size?: number; color?: 'Black' | 'White' } = {},
): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'New game' });
  if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'New game' }).click();
  await dialog.getByLabel('Level').selectOption({ index: 0 });
  await dialog.getByLabel(/Other board size/).fill(String(options.size ?? 9));
  await dialog.getByLabel(/Other board size/).press('Tab');
  await dialog.getByText(options.color ?? 'Black', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  await waitForTurn(page);
}

/** Clicks a point drawn at random among those that are free and allowed. @returns false when there is none. */
export async function clickAnyPoint(page: Page, rng: Rng): Promise<boolean> {
  const free = (await readLabels(page)).flatMap((label, p) =>
    /, empty(, last move)?$/.test(label) ? [p] : [],
  );
  if (free.length === 0) return false;
  await page.locator(`tengen-board [data-point="${free[rng.nextInt(free.length)]}"]`).click();
  return true;
}
