import { describe, expect, it } from 'vitest';
import { processNames } from '../../../web/src/lib/process-names.ts';

const view = (instance: string, system: Record<string, unknown>, role = '') => ({
  ...{ instance, role, system, ended: false },
  first_sign: '2026-01-31T12:00:00.000000',
  last_sign: '2026-01-31T12:10:00.000000',
});

describe('names of processes', () => {
  it('have the host, the number and the start, as far as they are known', () => {
    const known = [
      view('a'.repeat(32), { 'host.name': 'node1', 'process.pid': 42 }, 'owner'),
      view('b'.repeat(32), {}),
    ];
    expect([...processNames(['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32), ''], known).values()]).toEqual([
      'node1, pid 42, from 12:00:00, owner',
      'bbbbbbbb, from 12:00:00',
      'cccccccc',
      'by REST',
    ]);
  });
});
