import { expect, test } from 'vitest';
import { attemptsOf, placeAttempts } from '../../../web/src/lib/attempts.ts';

const START = Date.UTC(2026, 10, 21, 8) / 1000;
const stamp = (seconds: number) => new Date(1000 * (START + seconds)).toISOString().replace('Z', '000');
const changes = [
  { timestamp: stamp(600), after: '3' },
  { timestamp: stamp(300), after: '2' },
  { timestamp: stamp(0), after: '1' },
];
const series = [
  { id: 7, first_timestamp: stamp(1) },
  { id: 9, first_timestamp: stamp(310) },
  { id: 8, first_timestamp: stamp(301) },
];
const firstOn = async (id: number) => ({ 7: 0, 8: 120, 9: 50 })[id];

test('attempts stand where they began in time', async () => {
  const attempts = attemptsOf(changes);
  const on = (axis: 'time' | 'timestamp') => placeAttempts(attempts, { axis, started: START }, series, firstOn);
  expect(await on('time')).toEqual([
    { x: 300, label: 'attempt 2' },
    { x: 600, label: 'attempt 3' },
  ]);
  expect((await on('timestamp')).map(({ x }) => x - START)).toEqual([300, 600]);
});

test('on steps an attempt begins at the checkpoint that its first series begins with, and has no place without one', async () => {
  const marks = await placeAttempts(attemptsOf(changes), { axis: 'step', started: START }, series, firstOn);
  expect(marks).toEqual([{ x: 120, label: 'attempt 2' }]);
});
