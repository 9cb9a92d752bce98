/** KataGo's configuration as settings. */
import { expect, test } from 'vitest';
import { parseKataConfig, parseKataOverrides } from '#engine/record/katago-config.ts';

test('a file has one setting a line; comments and whatever else is there say nothing', () => {
  const text = [
    '# maxVisits = 3',
    'maxVisits = 500 # a comment',
    'logDir="analysis logs"\r',
    '@include other.cfg',
    'empty =',
    'maxVisits=600',
    '= 3',
  ].join('\n');
  expect([...parseKataConfig(text)]).toEqual([
    ['maxVisits', '600'],
    ['logDir', 'analysis logs'],
    ['empty', ''],
  ]);
});

test('overrides are a list between commas', () => {
  expect([...parseKataOverrides('maxTime=5, homeDataDir=/home/me/.katrain,x')]).toEqual([
    ['maxTime', '5'],
    ['homeDataDir', '/home/me/.katrain'],
  ]);
});
