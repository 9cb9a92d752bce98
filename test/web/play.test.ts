/** The page in a real browser against the real server: whole games, keyboard, reload, phone layout, accessibility. */
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { replay } from '#engine/record/game-record.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import { decodeServerFrame } from '#server/protocol/codec.ts';
import type { ServerMessage } from '#server/protocol/messages.ts';
import type { ConfirmDialog } from '../../web/src/elements/confirm-dialog.ts';
import {
  accentPixelsOf,
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

async function openSgf(page: Page, record: string | Buffer, name = 'game.sgf'): Promise<void> {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/x-go-sgf', buffer: Buffer.from(record) });
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
    expect(server?.errors).toEqual([]);
  });

  async function openPage(options: { width?: number; height?: number; touch?: boolean } = {}) {
    const { width = 1280, height = 800, touch = false } = options;
    const context = await browser.newContext({ viewport: { width, height }, hasTouch: touch });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const errors = collectErrors(page);
    const told: ServerMessage[] = [];
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        const decoded = decodeServerFrame(new Uint8Array(Buffer.from(payload)));
        if (decoded.ok) told.push(decoded.message);
      });
    });
    await page.goto(server.url);
    await expect.poll(() => readStatus(page)).toBe('Start a new game.');
    return { page, errors, context, told };
  }

  it('plays a whole 9x9 game, counts it, and saves an SGF that replays to the same position', async () => {
    const { page, errors, context, told } = await openPage();
    // In halves, so that somebody wins.
    await startGame(page, { komi: 7.5 });
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
    // The game is told once when it is to be counted, and again with the dead stones that are proposed.
    await expect
      .poll(() => told.filter((message) => message.type === 'game' && message.phase === 'scoring').length)
      .toBeGreaterThan(1);
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
    await openSgf(page, '(;GM[1]FF[4]SZ[9]KM[7]RU[Chinese];B[ee];W[cc];B[gg];W[cg])');
    expect(await waitForTurn(page)).toContain('Your turn, Black');
    expect((await readStones(page)).filter((stone) => stone !== 0)).toHaveLength(4);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('opens a record with a result to review: analysed where it is looked at, saved as it was, played on', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const info = 'PB[Lee]PW[Park]EV[Cup]DT[1999-01-02]RE[W+R]';
    await openSgf(page, `(;GM[1]FF[4]SZ[7]KM[7.5]RU[Chinese]${info};B[dd];W[cc];B[ee];W[ec];B[ce])`);
    await expect.poll(() => readStatus(page)).toBe('White wins by resignation.');
    const rate = page.locator('tengen-winrate-curve .top span');
    expect(await rate.textContent()).toBe('White wins by resignation');
    expect(await page.locator('tengen-players-panel .name').allTextContents()).toEqual(['Lee', 'Park']);
    const saved = readFileSync(await saveSgf(page), 'utf8');
    for (const property of info.split(/(?<=\])/)) expect(saved).toContain(property);

    await page.getByLabel('Ownership').check();
    for (const looking of ['Looking at move 4 of 5.', 'Looking at move 3 of 5.']) {
      await page.keyboard.press('ArrowLeft');
      expect(await readStatus(page)).toBe(looking);
      await expect.poll(() => rate.textContent()).toMatch(/^\d+%$/);
      expect(await page.locator('tengen-board').locator('.area-black, .area-white').count()).toBeGreaterThan(
        0,
      );
    }
    await page.getByLabel('Policy').check();
    await page.getByText('This server has no net, and so no policy to show.').waitFor();
    await page.getByRole('button', { name: 'Play on from here' }).click();
    await expect.poll(() => readStatus(page)).toBe('Your turn, White.');
    expect((await readStones(page)).filter((stone) => stone !== 0)).toHaveLength(3);
    expect(readFileSync(await saveSgf(page), 'utf8')).not.toMatch(/Lee|Park|Cup|1999/);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows the captures of the move looked at, and of far-apart analyses points instead of a slope', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const filling = 'abcdefg'.replaceAll(/./g, (x) => `;B[${x}e];W[${x}g]`);
    await openSgf(page, `(;GM[1]FF[4]SZ[7]RE[W+R];B[ab];W[aa];B[ba];W[dc]${filling})`);
    const captured = page.locator('tengen-players-panel .player .detail').first();
    await expect.poll(() => captured.textContent()).toContain('1 captured');
    const plot = page.locator('tengen-winrate-curve canvas');
    await page.getByRole('button', { name: 'First move' }).click();
    await expect.poll(() => captured.textContent()).toContain('0 captured');
    await expect.poll(() => page.locator('tengen-winrate-curve .top span').textContent()).toMatch(/^\d+%$/);
    // Two points of 5 pixels across; a slope over the whole chart has hundreds.
    expect(await accentPixelsOf(page, plot)).toBeGreaterThan(5);
    expect(await accentPixelsOf(page, plot)).toBeLessThan(100);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('opens the unfinished game of others to review', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await openSgf(page, '(;GM[1]FF[4]SZ[7]PB[Lee]PW[Park];B[dd];W[cc];B[ee])');
    await expect.poll(() => readStatus(page)).toBe('The record gives no result.');
    expect(await page.locator('tengen-players-panel .name').allTextContents()).toEqual(['Lee', 'Park']);
    await page.getByRole('button', { name: 'Play on from here' }).click();
    await expect.poll(() => readStatus(page)).toBe('Your turn, White.');
    expect(await page.locator('tengen-players-panel .name').allTextContents()).toEqual(['Tengen', 'You']);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('opens the first game of a gzipped collection and says what is left out, or that the file is damaged', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const games = '(;GM[1]SZ[7]RE[B+R];B[dd](;W[cc])(;W[ee]))\n'.repeat(20);
    const packed = gzipSync(games);
    await openSgf(page, packed, 'games.sgfs.gz');
    await expect.poll(() => readStatus(page)).toBe('Black wins by resignation.');
    await page.getByText('This is the first of 20 games. Variations are left out.').waitFor();
    await openSgf(page, packed.subarray(0, 40), 'games.sgfs.gz');
    await page.getByText('games.sgfs.gz is gzipped but damaged or cut short: copy it again.').waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('opens a record whose comments are short in characters and long in bytes', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await openSgf(page, `(;GM[1]SZ[7]RE[B+R]C[${'棋'.repeat(30_000)}];B[dd])`);
    await expect.poll(() => readStatus(page)).toBe('Black wins by resignation.');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says of a link to watch who can open it', async () => {
    const { page, context } = await openPage();
    await startGame(page);
    await page.getByRole('button', { name: 'Copy watch link' }).click();
    await page.locator('.notice').getByText('The link opens on this computer only.').waitFor();
    await context.close();
  });

  it('asks before an unfinished game is left for another, chosen or opened', async () => {
    const { page, context } = await openPage();
    await startGame(page);
    await clickAnyPoint(page, makeRng(4));
    await waitForTurn(page);
    const stones = await readStones(page);
    const question = page.getByRole('dialog', { name: 'Leave the unfinished game?' });
    await page.getByRole('button', { name: 'New game' }).click();
    await page.getByRole('dialog', { name: 'New game' }).getByRole('button', { name: 'Start' }).click();
    await question.getByRole('button', { name: 'Go back' }).click();
    await openSgf(page, '(;GM[1]SZ[7];B[dd])');
    await question.getByRole('button', { name: 'Go back' }).click();
    expect(await readStones(page)).toEqual(stones);
    await openSgf(page, '(;GM[1]SZ[7];B[dd])');
    await question.getByRole('button', { name: 'Leave it' }).click();
    await expect.poll(async () => (await readStones(page)).length).toBe(49);
    await context.close();
  });

  it('opens a record that comes late only where nothing else was opened or played since', async () => {
    const { page, errors, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const uploads: (() => Promise<void>)[] = [];
    await page.route('**/api/sgf*', (route) => void uploads.push(() => route.continue()));
    const openLarge = async (): Promise<() => Promise<void>> => {
      const before = uploads.length;
      await openSgf(page, `(;GM[1]SZ[5]RE[B+R]C[${'long '.repeat(20_000)}];B[cc])`);
      await expect.poll(() => uploads.length).toBe(before + 1);
      return uploads[before];
    };
    const comesLate = await openLarge();
    await openSgf(page, '(;GM[1]SZ[7]RE[W+R];B[dd])');
    await expect.poll(() => readStatus(page)).toBe('White wins by resignation.');
    const answered = page.waitForResponse('**/api/sgf*');
    await comesLate();
    await (await answered).finished();

    const comesInGame = await openLarge();
    expect(await readStatus(page)).toBe('White wins by resignation.');
    await page.getByRole('button', { name: 'New game' }).click();
    await startGame(page);
    await comesInGame();
    await page.getByText('game.sgf was not opened, since play went on').waitFor();
    expect(await readStatus(page)).toBe('Your turn, Black.');
    expect(await readStones(page)).toHaveLength(81);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('gives the second click of a double click to nothing but what the first was for', async () => {
    const { page, context } = await openPage({ width: 1440, height: 900 });
    const start = page.getByRole('dialog', { name: 'New game' }).getByRole('button', { name: 'Start' });
    await start.click({ trial: true });
    const box = await start.boundingBox();
    if (box === null) throw new Error('the button is not on the page');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const clickThere = async (clickCount: number): Promise<void> => {
      await page.mouse.move(x, y);
      await page.mouse.down({ clickCount });
      await page.mouse.up({ clickCount });
    };
    await clickThere(1);
    await expect.poll(() => readStatus(page)).toMatch('Your turn');
    const there = `let at = document.elementFromPoint(${x}, ${y});
      while (at.shadowRoot !== null) at = at.shadowRoot.elementFromPoint(${x}, ${y});
      at.closest('[data-point]') !== null`;
    expect(await page.evaluate(there), 'a point of the board is below that button').toBe(true);
    await clickThere(2);
    await page.locator('tengen-board [data-point="2"]').dblclick();
    await waitForTurn(page);
    const labels = await readLabels(page);
    expect(labels.filter((label) => label.includes('black stone'))).toEqual([labels[2]]);
    await context.close();
  });

  it('asks for the levels until it knows them', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    let asked = 0;
    await page.route('**/api/levels*', (route) => (asked++ === 0 ? route.abort() : route.continue()));
    await page.goto(server.url);
    await page.locator('.notice').getByText('The list of levels did not come').waitFor();
    await expect.poll(() => page.locator('.notice').count()).toBe(0);
    await startGame(page);
    await context.close();
  });

  it('is played where the browser forbids it to keep anything', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = collectErrors(page);
    await page.addInitScript(`for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(globalThis, name, { get: () => { throw new DOMException('', 'SecurityError'); } });`);
    await page.goto(server.url);
    await startGame(page);
    expect(await clickAnyPoint(page, makeRng(1))).toBe(true);
    await waitForTurn(page);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('takes no late close of one question for the answer to the next', async () => {
    const { page, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    // Chromium tells of a closed dialog a frame later, when the next question may be open already.
    await page.locator('tengen-confirm-dialog').evaluate(async (element) => {
      const dialog = element as ConfirmDialog;
      const ask = (title: string) => dialog.ask({ title, text: '', yes: 'Yes', no: 'No' });
      const first = ask('First?');
      await dialog.updateComplete;
      dialog.renderRoot.querySelector('button')?.click();
      Object.assign(globalThis, { answers: Promise.all([first, ask('Second?')]) });
    });
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await page.getByRole('dialog', { name: 'Second?' }).getByRole('button', { name: 'Yes' }).click();
    expect(await page.evaluate('answers')).toEqual([false, true]);
    await context.close();
  });

  it('takes a question closed by a key for a no', async () => {
    const { page, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const answer = page.locator('tengen-confirm-dialog').evaluate(async (element) => {
      return (element as ConfirmDialog).ask({ title: 'Third?', text: '', yes: 'Yes', no: 'No' });
    });
    await page.getByRole('dialog', { name: 'Third?' }).press('Escape');
    expect(await answer).toBe(false);
    await context.close();
  });

  it('offers the fair komi of every size, and says where the net plays badly', async () => {
    const { page, context } = await openPage();
    const dialog = page.getByRole('dialog', { name: 'New game' });
    const hint = dialog.getByText('The shipped net learned from 9×9 games');
    expect(await dialog.getByLabel('Komi').inputValue()).toBe('7');
    expect(await hint.count()).toBe(0);
    await dialog.getByLabel(/Other board size/).fill('19');
    expect(await dialog.getByRole('radio', { name: '19×19' }).isChecked()).toBe(true);
    expect(await dialog.getByLabel('Komi').inputValue()).toBe('7.5');
    expect(await hint.isVisible()).toBe(true);
    await context.close();
  });

  it('says in a sentence when an upload does not reach the server', async () => {
    const { page, context } = await openPage();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.route('**/api/sgf*', (route) => route.abort());
    await openSgf(page, `(;GM[1]SZ[9]C[${'long '.repeat(20_000)}];B[ee])`);
    await page.getByText('The record did not reach the server').waitFor();
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

  it('says why a typed move is not played, until one is', async () => {
    const { page, context } = await openPage();
    await startGame(page);
    const typed = page.getByLabel('Type a move');
    async function type(text: string): Promise<void> {
      await typed.fill(text);
      await typed.press('Enter');
    }
    const nonsense = page.getByText('"K44" is not a point of this board.');
    await type('K44');
    await nonsense.waitFor();
    await type('E5');
    await waitForTurn(page);
    await expect.poll(() => readStones(page).then((stones) => stones[40])).toBe(1);
    await nonsense.waitFor({ state: 'detached' });
    await waitForTurn(page);
    await type('E5');
    await page.locator('.notice').getByText('There is a stone on that point.').waitFor();
    expect(await readStatus(page)).toContain('Your turn');
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
    const below = page.getByLabel('Type a move');
    const place = await below.boundingBox();
    await point.tap();
    await page.getByRole('button', { name: 'Play K10' }).waitFor();
    expect(await below.boundingBox()).toEqual(place);
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
