import { expect, test } from 'vitest';
import { levelOfSeverity, levelOfWord, parseThreshold, reaches } from '../../../../src/bridges/severity.ts';

test('severity numbers of OTLP become the level at or below them', () => {
  const levels = [0, 1, 4, 5, 8, 9, 12, 13, 17, 20, 21, 24].map(levelOfSeverity);
  expect(levels).toEqual([
    'info',
    'trace',
    'trace',
    'debug',
    'debug',
    'info',
    'info',
    'warn',
    'error',
    'error',
    'fatal',
    'fatal',
  ]);
});

test('words of other loggers become the nearest level, unknown ones info', () => {
  expect(['WARNING', 'silly', 'notice', 'emerg', 'custom', 'constructor'].map(levelOfWord)).toEqual([
    'warning',
    'trace',
    'info',
    'critical',
    'info',
    'info',
  ]);
});

test('a threshold takes its level and those above; off takes none; a wrong one is refused by its name', () => {
  expect([reaches('warn', 'warn'), reaches('info', 'warn'), reaches('fatal', 'off')]).toEqual([true, false, false]);
  expect([parseThreshold('X', undefined), parseThreshold('X', ' Error '), parseThreshold('X', 'off')]).toEqual([
    'trace',
    'error',
    'off',
  ]);
  expect(() => parseThreshold('SIMVUE_LOG_LEVEL', 'loud')).toThrow('SIMVUE_LOG_LEVEL: "loud" is not a level');
});
