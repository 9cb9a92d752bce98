/** A whole conversation with the analysis engine as a golden file: what is sent, and what comes back for it. */
import { expect, test } from 'vitest';
import { AnalysisEngine } from '#selfplay/analysis-engine.ts';
import { MODEL } from './gtp-helpers.ts';
import { FakeAnalyser } from './fake-analyser.ts';

const GAME = { rules: 'tromp-taylor', komi: 7.5, boardXSize: 4, boardYSize: 3 };

/** Each is a line; what is no text is written as JSON. */
const SENT: readonly unknown[] = [
  { id: 'version', action: 'query_version' },
  { id: 'models', action: 'query_models' },
  { ...GAME, id: 'one visit', moves: [], maxVisits: 1, includePolicy: true },
  { ...GAME, id: 'two turns', moves: [['B', 'B2']], analyzeTurns: [1, 0], maxVisits: 3 },
  {
    ...GAME,
    id: 'everything',
    initialStones: [
      ['B', 'A1'],
      ['B', 'D3'],
    ],
    moves: [['W', '(1,1)']],
    initialPlayer: 'W',
    whiteHandicapBonus: 'N-1',
    maxVisits: 9,
    analysisPVLen: 1,
    includeOwnership: true,
    includePolicy: true,
    includePVVisits: true,
    avoidMoves: [{ player: 'B', moves: ['C3'], untilDepth: 1 }],
    overrideSettings: { reportAnalysisWinratesAs: 'SIDETOMOVE', maxTime: 3, humanSLProfile: 'rank_5k' },
    includeNoResultValue: true,
    priority: 3,
    misspelled: 1,
  },
  { ...GAME, id: 'illegal', moves: ['B2', 'B2'].map((name, i) => ['BW'[i], name]) },
  { ...GAME, id: 'rules', moves: [], rules: 'tennis' },
  { ...GAME, id: 'size', moves: [], boardXSize: 29, boardYSize: 29 },
  { ...GAME, id: 'komi', moves: [], komi: 7.2 },
  { ...GAME, id: 7, moves: [] },
  '{"id": "cut',
  '[]',
  '',
  { id: 'end', action: 'terminate', terminateId: 'two turns' },
  { id: 'end', action: 'terminate' },
  { id: 'all', action: 'terminate_all', turnNumbers: [0] },
  { id: 'cache', action: 'clear_cache' },
  { id: 'dance', action: 'dance' },
];

test('a conversation', async () => {
  const transcript: string[] = [];
  const engine = new AnalysisEngine({
    pool: new FakeAnalyser(true),
    slots: 1,
    net: 'net.safetensors',
    models: () => [MODEL],
    version: '0',
    defaults: { visits: 5, budgetMs: Infinity, perspective: 'black', parameters: {} },
    seed: 1,
    write: (line) => transcript.push(`< ${line}`),
  });
  for (const sent of SENT) {
    const line = typeof sent === 'string' ? sent : JSON.stringify(sent);
    transcript.push(`> ${line}`);
    engine.handle(line);
    await engine.whenIdle();
  }
  await expect(`${transcript.join('\n')}\n`).toMatchFileSnapshot('../golden/analysis/conversation.txt');
});
