/** Plays on the page as a person does, and reads off it what a person can read. */
import type { Locator, Page } from 'playwright-core';
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

/** What is used of a canvas of the page; the tests are compiled without the DOM. */
type Canvas = {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
  };
};

/** How many pixels of a picture have the accent colour of the page. */
export async function accentPixelsOf(page: Page, canvas: Locator): Promise<number> {
  const accent = await page.evaluate<string>('getComputedStyle(document.body).getPropertyValue("--accent")');
  const wanted = [1, 3, 5].map((at) => Number.parseInt(accent.trim().slice(at, at + 2), 16));
  return canvas.evaluate((element, [red, green, blue]) => {
    const picture = element as unknown as Canvas;
    const { data } = picture.getContext('2d').getImageData(0, 0, picture.width, picture.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === red && data[i + 1] === green && data[i + 2] === blue && data[i + 3] === 255) count++;
    return count;
  }, wanted);
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
  await expect.poll(() => readStatus(page)).toMatch(/Your turn|Choose stones|wins|draw/);
  return readStatus(page);
}

/** Starts a game against the weakest engine through the dialog, which opens by itself on a first visit. */
export async function startGame(
  page: Page,
  options: { size?: number; color?: 'Black' | 'White'; komi?: number } = {},
): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'New game' });
  if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'New game' }).click();
  await dialog.getByLabel('Level').selectOption({ index: 0 });
  await dialog.getByLabel(/Other board size/).fill(String(options.size ?? 9));
  await dialog.getByLabel(/Other board size/).press('Tab');
  if (options.komi !== undefined) await dialog.getByLabel('Komi').fill(String(options.komi));
  await dialog.getByText(options.color ?? 'Black', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Start' }).click();
  // A game before this one may have ended.
  await expect.poll(() => readStatus(page)).toMatch('Your turn');
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
