/** The page of training runs in a real browser against the real server: every view, live, compared, on a phone, by keyboard. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPlay, toLines, writeFixtureRun } from '../selfplay/run/fixture-run.ts';
import { accentPixelsOf, collectErrors, readLabels, readStones } from './page-driver.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const CHROMIUM = process.env.TENGEN_CHROMIUM ?? '/usr/bin/chromium';

describe.skipIf(!existsSync(CHROMIUM))(`the page of training runs (skipped without ${CHROMIUM})`, () => {
  let browser: Browser;
  let server: TestServer;
  let runs: string;

  beforeAll(async () => {
    runs = mkdtempSync(join(tmpdir(), 'tengen-runs-'));
    const later = Date.now() + 3_600_000; // so that no run stalls while a slow machine tests
    writeFixtureRun(join(runs, 'zero'), { shardGames: 2, at: later, live: { inPlay: inPlay(30, 5) } });
    const ratings = readFileSync(join(runs, 'zero', 'ratings.json'), 'utf8');
    writeFileSync(
      join(runs, 'zero', 'ratings.json'),
      ratings.replaceAll('"games"', '"anchorMargin":85,"games"'),
    );
    writeFixtureRun(join(runs, 'a <b>run & more'), { seed: 2, at: Date.now() - 600_000 });
    mkdirSync(join(runs, 'young'));
    writeFileSync(join(runs, 'young', 'config.json'), '{"steps":2}');
    writeFileSync(join(runs, 'young', 'live.json'), JSON.stringify({ at: later, state: 'playing' }));
    writeFileSync(
      join(runs, 'young', 'metrics.jsonl'),
      toLines([1, 2].map((step) => ({ step, totalLoss: 1 }))),
    );
    mkdirSync(join(runs, 'supervised'));
    writeFileSync(join(runs, 'supervised', 'config.json'), '{"data":{"kind":"games"},"steps":60}');
    writeFileSync(
      join(runs, 'supervised', 'metrics.jsonl'),
      toLines([
        { step: 50, totalLoss: 5 },
        { step: 60, totalLoss: 4, heldOutAccuracy: 0.0831 },
      ]),
    );
    [server, browser] = await Promise.all([
      startTestServer(runs),
      chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(runs, { recursive: true });
    expect(server?.errors).toEqual([]);
  });

  async function openPage(hash = '', options: { width?: number; height?: number } = {}) {
    const { width = 1280, height = 800 } = options;
    const context = await browser.newContext({ viewport: { width, height } });
    const page = await context.newPage();
    page.setDefaultTimeout(90_000);
    const errors = collectErrors(page);
    await page.goto(`${server.url}training${hash}`);
    return { page, errors, context };
  }

  const chart = (page: Page, title: string) =>
    page.locator('tengen-run-chart').filter({ has: page.getByRole('heading', { name: title, exact: true }) });

  it('lists the runs with what is wrong with them, and leads to the curves of one', async () => {
    const { page, errors, context } = await openPage();
    await page
      .getByRole('link', { name: /a <b>run & more/ })
      .getByText('hangs or was killed')
      .waitFor();
    await page.getByRole('link', { name: /^zero/ }).click();
    await chart(page, 'Policy loss').locator('canvas').waitFor();
    expect(await page.getByText('Playing and learning').count()).toBe(1);
    expect(await page.getByRole('img', { name: /^Strength: 4 nets, from 0 ± 85 to/ }).count()).toBe(1);
    expect(await page.getByRole('img', { name: /^Black wins, now \d+%/ }).count()).toBe(1);
    expect(page.url()).toMatch(/#run=zero$/);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows of a supervised run how far it is, and a single measurement as a point, and nothing that it has not', async () => {
    const { page, errors, context } = await openPage('#run=supervised&view=games&over=time');
    await page.getByText('Supervised run, 60 of 60 steps').waitFor();
    expect(await page.getByRole('navigation', { name: 'Views' }).getByRole('link').allTextContents()).toEqual(
      ['Curves', 'Settings'],
    );
    expect(await page.getByRole('radiogroup', { name: 'Drawn over' }).count()).toBe(0);
    await page.getByRole('img', { name: /^Held-out accuracy, now 8\.3%/ }).waitFor();
    expect(await accentPixelsOf(page, chart(page, 'Held-out accuracy').locator('canvas'))).toBeGreaterThan(9);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('follows a run: what it writes appears, numbers that are none raise an alarm', async () => {
    const { page, errors, context } = await openPage('#run=young');
    await page.getByRole('img', { name: /^Total loss, now 1, / }).waitFor();
    const more = [
      { step: 3, totalLoss: 0.25, newMeasure: 7 },
      { step: 4, totalLoss: Number.NaN },
    ];
    appendFileSync(join(runs, 'young', 'metrics.jsonl'), toLines(more));
    await page.getByRole('alert').getByText('At step 4: totalLoss is not a finite number.').waitFor();
    await page.getByRole('heading', { name: 'New measure' }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('draws over steps, games or time, and tells the place under the pointer on all charts at once', async () => {
    const { page, errors, context } = await openPage('#run=zero');
    await page.getByText('Time', { exact: true }).click();
    await expect.poll(() => page.url()).toMatch(/over=time/);
    await chart(page, 'Value loss').locator('.plot').hover();
    for (const title of ['Policy loss', 'Game length'])
      await expect.poll(() => chart(page, title).locator('.at').textContent()).toMatch(/^\d+ min$/);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('tells the newest value of what is exact, whatever the smoothing', async () => {
    const { page, errors, context } = await openPage('#run=zero');
    await page.getByLabel('Smoothing').fill('0');
    const loss = page.getByRole('img', { name: /^Policy loss, now / });
    const measured = await loss.getAttribute('aria-label');
    await page.getByLabel('Smoothing').fill('1');
    await expect.poll(() => loss.getAttribute('aria-label')).not.toBe(measured);
    expect(await page.getByRole('img', { name: /^Replay window, now 108k, / }).count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('compares two runs: two values for each figure, and the settings that differ', async () => {
    const { page, errors, context } = await openPage('#run=zero');
    await page.getByLabel('Compare').selectOption('a <b>run & more');
    await expect.poll(() => chart(page, 'Policy loss').locator('.second').count()).toBe(1);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('1 setting of 11 differs.').waitFor();
    expect(await page.getByRole('row', { name: /seed/ }).getByRole('cell').allTextContents()).toEqual([
      '1',
      '2',
    ]);
    await page.getByLabel('Only what differs').uncheck();
    expect(await page.getByRole('row').count()).toBe(12);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says that a run without games is not drawn over games or time, where it is compared over them', async () => {
    const { page, errors, context } = await openPage('#run=zero&compare=supervised&over=games');
    const note = page.getByText('supervised does not tell its games: it can be drawn over steps.');
    await note.waitFor();
    await page.getByRole('radiogroup', { name: 'Drawn over' }).getByText('Steps').click();
    await note.waitFor({ state: 'detached' });
    await expect.poll(() => chart(page, 'Total loss').locator('.second').count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows the ladder with its intervals and games, and the matches behind it', async () => {
    const { page, errors, context } = await openPage('#run=zero&view=strength');
    const first = page.getByRole('table', { name: 'Ladder' }).getByRole('row').nth(1);
    expect((await first.textContent())?.replaceAll(/\s+/g, ' ')).toMatch(/gnugo 1,180 85 260/);
    await page.getByRole('rowheader', { name: 'G12 (strongest)' }).waitFor();
    await page.getByRole('row', { name: /G12 against playouts@100 22 26 46%/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says of a damaged run what cannot be read, and shows what can', async () => {
    const folder = join(runs, 'damaged');
    writeFixtureRun(folder);
    writeFileSync(join(folder, 'ratings.json'), '{"players":');
    writeFileSync(join(folder, 'config.json'), '{"seed":');
    rmSync(join(folder, 'live.json'));
    const { page, context } = await openPage('#run=damaged&view=strength');
    await page.getByText('the ratings of this run cannot be read.').waitFor();
    await page.getByRole('row', { name: /G12 against playouts@100 22 26 46%/ }).waitFor();
    await page.getByText('This run tells nothing of what it does now.').waitFor();
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('The settings could not be read.').waitFor();
    await page
      .getByRole('alert')
      .getByText('Settings of damaged: config.json: not valid JSON at line 1.')
      .waitFor();
    expect(await page.getByText('Loading…').count()).toBe(0);
    await context.close();
  });

  it('says once that there is no such run, and nothing else of it', async () => {
    const { page, context } = await openPage();
    const answers = [page.waitForResponse('**/nothing/news'), page.waitForResponse('**/nothing/config')];
    await page.goto(`${server.url}training#run=nothing&view=settings`);
    await Promise.all(answers);
    await page.getByText('There is no such run on this server.').waitFor();
    await expect.poll(() => page.getByText('There is no such run on this server.').count()).toBe(1);
    const others = page.getByText(/Loading…|nothing to draw|could not be read/);
    await expect.poll(() => others.count()).toBe(0);
    await context.close();
  });

  it('replays a finished game with the keyboard, with the policy to learn, and saves it', async () => {
    const { page, errors, context } = await openPage('#run=zero&view=games');
    await page.getByRole('button', { name: 'Look at game 1' }).click();
    await page.getByRole('heading', { name: /^Generation 11, game 1:/ }).waitFor();
    await page.getByRole('button', { name: 'First move' }).click();
    expect((await readStones(page)).every((stone) => stone === 0)).toBe(true);
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^Move 1 of \d+: Black/).waitFor();
    expect((await readStones(page)).filter((stone) => stone !== 0)).toHaveLength(1);
    await page.getByLabel('Policy to learn').check();
    for (let ply = 0; ply < 40 && !(await readLabels(page)).some((label) => label.includes('policy')); ply++)
      await page.keyboard.press('ArrowRight');
    expect((await readLabels(page)).some((label) => /policy \d+ percent/.test(label))).toBe(true);
    await page.getByText(/^Black's win rate \d.*surprise/).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save SGF' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('EV[zero, generation 11, game 1]');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('shows the games of a run that is begun anew, none of the one that had its name', async () => {
    const folder = join(runs, 'anew');
    writeFixtureRun(folder, { generations: 3, shardGames: 1 });
    const { page, context } = await openPage('#run=anew&view=games');
    await page.getByRole('heading', { name: /^Generation 2, game 0:/ }).waitFor();
    rmSync(folder, { recursive: true });
    writeFixtureRun(folder, { generations: 2, shardGames: 1, seed: 2 });
    await page.getByRole('heading', { name: /^Generation 1, game 0:/ }).waitFor();
    await context.close();
  });

  it('shows the games in play as a wall, watches one, and notices when it is over', async () => {
    const live = (games: ReturnType<typeof inPlay>, generation = 12) =>
      writeFixtureRun(join(runs, 'moving'), { live: { inPlay: games, generation } });
    const games = inPlay(4, 5);
    live(games);
    const { page, errors, context } = await openPage('#run=moving&view=games');
    await page.getByRole('button', { name: 'Game 342, 5 by 5' }).click();
    await page.getByRole('heading', { name: 'Generation 12, game 342, in play' }).waitFor();
    const { moves } = games[2];
    live(games.with(2, { ...games[2], moves: [...moves, 25] }));
    await page.getByText(`Move ${moves.length + 1} of ${moves.length + 1}`).waitFor();
    live(games.toSpliced(2, 1));
    await page.getByRole('heading', { name: 'Generation 12, game 342, just finished' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Game \d+, 5 by 5/ }).count()).toBe(3);
    // Another game of the same number, in the next generation.
    live(games, 13);
    await expect.poll(() => page.getByRole('button', { name: /^Game \d+, 5 by 5/ }).count()).toBe(4);
    expect(await page.getByRole('heading', { name: 'Generation 12, game 342, just finished' }).count()).toBe(
      1,
    );
    expect(await page.getByRole('button', { name: /^Game 342/ }).getAttribute('aria-pressed')).toBe('false');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('says when the server does not answer, and goes on when it does', async () => {
    const { page, context } = await openPage('#run=zero');
    await page.getByText('Playing and learning').waitFor();
    await page.route('**/news*', (route) => route.abort());
    await page.getByRole('alert').getByText('The server does not answer. Trying again…').waitFor();
    await page.unroute('**/news*');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await context.close();
  });

  it('asks again for settings that did not come, and not while they are on their way', async () => {
    const { page, context } = await openPage();
    let asked = 0;
    let answer = (): void => undefined;
    await page.route('**/runs/supervised/config', async (route) => {
      asked++;
      if (asked === 1) return route.abort();
      await new Promise<void>((resolve) => (answer = resolve));
      return route.continue();
    });
    await page.goto(`${server.url}training#run=supervised&view=settings`);
    const alert = page.getByRole('alert').getByText('Settings of supervised: The server does not answer.');
    await alert.waitFor();
    expect(await page.getByRole('row').count()).toBe(0);
    await page.getByRole('link', { name: 'Curves' }).click();
    await expect.poll(() => asked).toBe(2);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByText('The settings could not be read.').waitFor();
    expect(asked).toBe(2);
    answer();
    await page.getByRole('row', { name: /steps 60/ }).waitFor();
    await alert.waitFor({ state: 'detached' });
    await context.close();
  });

  it('shows the settings of now where a run goes on with others', async () => {
    const folder = join(runs, 'continued');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), '{"steps":60}');
    const { page, errors, context } = await openPage('#run=continued&view=settings');
    await page.getByRole('row', { name: /steps 60/ }).waitFor();
    writeFileSync(join(folder, 'config.json'), '{"steps":90}');
    await page.getByRole('row', { name: /steps 90/ }).waitFor();
    expect(errors).toEqual([]);
    await context.close();
  });

  it('fits a small phone without horizontal scrolling in every view', async () => {
    const { page, errors, context } = await openPage('', { width: 320, height: 640 });
    for (const hash of [
      '',
      '#run=zero',
      '#run=zero&view=strength',
      '#run=zero&view=games',
      '#run=zero&view=settings',
    ]) {
      await page.goto(`${server.url}training${hash}`);
      await page
        .getByText(hash === '' ? 'Runs' : 'Playing and learning')
        .first()
        .waitFor();
      await page.locator('tengen-run-list a, canvas, table').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), hash).toBe(true);
    }
    expect(errors).toEqual([]);
    await context.close();
  });

  it('has no accessibility violation that axe can find, in any view, in the light and in the dark', async () => {
    const compare = `compare=${encodeURIComponent('a <b>run & more')}`;
    const { page, context } = await openPage();
    for (const hash of [
      '',
      `#run=zero&${compare}`,
      ...['strength', 'games', 'settings'].map((view) => `#run=zero&view=${view}`),
    ]) {
      await page.goto(`${server.url}training${hash}`);
      await page.locator('tengen-run-list a, canvas, table').first().waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const axe = new AxeBuilder({ page });
        // Only the colours change.
        const { violations } = await (
          colorScheme === 'dark' ? axe.withRules('color-contrast') : axe
        ).analyze();
        expect(violations.map(({ id, nodes }) => `${hash} ${id}: ${nodes[0]?.html}`)).toEqual([]);
      }
    }
    await context.close();
  });
});
