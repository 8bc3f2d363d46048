import { expect, test, vi } from 'vitest';
import { Reports } from '../../../src/reports.ts';

test('of each kind the first ten different messages are reported, each once', () => {
  const seen: string[] = [];
  using _ = vi.spyOn(process, 'emitWarning').mockImplementation((message) => void seen.push(String(message)));
  const reports = new Reports();
  for (let i = 0; i < 100; i++) reports.few('step', `step ${i >> 1}.5 is not an integer`);
  reports.few('file', 'no such file');
  expect(seen).toEqual([...Array.from({ length: 10 }, (_, i) => `step ${i}.5 is not an integer`), 'no such file']);
});
