/** The page in a real browser against the real server: whole games, keyboard, reload, phone layout, accessibility. */
import { existsSync, readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { replay } from '#engine/record/game-record.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import {
  clickAnyPoint,
  collectErrors,
  readLabels,
  readStatus,
  readStones,
  startGame,
  waitForTurn,
} from './page-driver.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const CHROMIUM = process.env.TENGEN_CHROMIUM ?? '/usr/bin/chromium';

/** The position that an SGF file ends in. */
function replayFile(path: string): { stones: number[]; moves: number; result: string } {
  const parsed = parseSgf(readFileSync(path));
  if (!parsed.ok) throw new Error(parsed.message);
  const game = gameFromSgf(parsed.games[0]);
  if (!game.ok) throw new Error(game.message);
  const end = replay(game.value);
  if (!end.ok) throw new Error(end.message);
  return {
    stones: [...end.position.board.stones],
    moves: game.value.moves.length,
    result: game.value.result,
  };
}

async function saveSgf(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save SGF' }).click(),
  ]);
  return download.path();
}

describe.skipIf(!existsSync(CHROMIUM))(`the page (skipped without ${CHROMIUM})`, () => {
  let browser: Browser;
  let server: TestServer;

  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startTestServer(),
      chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    // A browser that is closed may reset its connections; that is the test's doing.
    expect(server?.errors.filter((error) => !error.includes('ECONNRESET'))).toEqual([]);
  });

  async function openPage(options: { width?: number; height?: number; touch?: boolean } = {}) {
    const { width = 1280, height = 800, touch = false } = options;
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: touch });
    const page = await context.newPage();
    const errors = collectErrors(page);
    await page.goto(server.url);
    return { page, errors, context };
  }

  it('plays a whole 9x9 game, counts it, and saves an SGF that replays to the same position', async () => {
    const { page, errors, context } = await openPage();
    await startGame(page);
    const rng = makeRng(1);
    for (let move = 0; move < 25; move++) {
      await clickAnyPoint(page, rng);
      await waitForTurn(page);
    }
    const accept = page.getByRole('button', { name: 'Accept score' });
    for (let passes = 0; passes < 200 && !(await accept.isVisible()); passes++) {
      await page.getByRole('button', { name: 'Pass' }).click();
      await waitForTurn(page);
    }
    const stones = await readStones(page);
    const before = await readLabels(page);
    const point = stones.findIndex((stone) => stone !== 0);
    const wasDead = before[point].includes('marked dead');
    await page.locator(`tengen-board [data-point="${point}"]`).click();
    await expect.poll(async () => (await readLabels(page))[point].includes('marked dead')).toBe(!wasDead);
    await accept.click();
    await expect.poll(() => readStatus(page)).toMatch(/^(Black|White) wins by/);
    const saved = replayFile(await saveSgf(page));
    expect(saved.stones).toEqual(stones);
    expect(saved.moves).toBeGreaterThan(50);
    expect(saved.result).toMatch(/^[BW]\+\d/);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('resumes the same game after a reload, and takes back a move', async () => {
    const { page, errors, context } = await openPage();
    await startGame(page, { color: 'White' });
    const rng = makeRng(2);
    const start = await readStones(page);
    await clickAnyPoint(page, rng);
    await waitForTurn(page);
    const stones = await readStones(page);
    await page.reload();
    await waitForTurn(page);
    expect(await readStones(page)).toEqual(stones);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => readStones(page)).toEqual(start);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('opens an SGF file at its last position', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const text = '(;GM[1]FF[4]SZ[9]KM[7]RU[Chinese];B[ee];W[cc];B[gg];W[cg])';
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'game.sgf', mimeType: 'application/x-go-sgf', buffer: Buffer.from(text) });
    expect(await waitForTurn(page)).toContain('Your turn, Black');
    expect((await readStones(page)).filter((stone) => stone !== 0)).toHaveLength(4);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('is played with the keyboard alone: one tab stop, arrows move, Enter plays, moves can be typed', async () => {
    const { page, errors, context } = await openPage();
    await startGame(page, { size: 7 });
    expect(await page.locator('tengen-board [tabindex="0"]').count()).toBe(1);
    await page.locator('tengen-board [tabindex="0"]').focus();
    for (const key of ['Home', 'PageUp', 'ArrowRight', 'ArrowRight', 'ArrowDown'])
      await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await waitForTurn(page);
    const labels = await readLabels(page);
    expect(labels[9]).toMatch(/^C6, black stone, \d libert/);
    await expect.poll(() => page.getByRole('status').textContent()).toMatch(/White/);
    const free = labels.find((label) => label.endsWith(', empty'))?.split(',')[0] ?? '';
    await page.getByLabel('Type a move').fill(free);
    await page.keyboard.press('Enter');
    await waitForTurn(page);
    expect((await readLabels(page)).some((label) => label.startsWith(`${free}, black stone`))).toBe(true);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('asks before it resigns', async () => {
    const { page, context } = await openPage();
    await startGame(page);
    await page.getByRole('button', { name: 'Resign' }).click();
    await page.getByRole('button', { name: 'Play on' }).click();
    expect(await readStatus(page)).toContain('Your turn');
    await page.getByRole('button', { name: 'Resign' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resign' }).click();
    await expect.poll(() => readStatus(page)).toBe('White wins by resignation.');
    await context.close();
  });

  it('fits a phone without horizontal scrolling, and plays only the second tap on a point', async () => {
    const { page, errors, context } = await openPage({ width: 360, height: 640, touch: true });
    await startGame(page, { size: 19 });
    const point = page.locator('tengen-board [data-point="180"]');
    await point.tap();
    await page.getByRole('button', { name: 'Play K10' }).waitFor();
    expect((await readStones(page)).every((stone) => stone === 0)).toBe(true);
    await point.tap();
    await waitForTurn(page);
    expect((await readStones(page))[180]).toBe(1);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('has no accessibility violation that axe can find, in the light and in the dark', async () => {
    const { page, context } = await openPage();
    await startGame(page);
    await clickAnyPoint(page, makeRng(3));
    await waitForTurn(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
    await context.close();
  });
});
