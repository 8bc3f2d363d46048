import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProgressLine } from '../../../../src/sidecar/progress-line.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the line is drawn while the command is silent, gone before it writes, and never within a line of it', () => {
  let written = '';
  const terminal = {
    write(text: string): boolean {
      written += text;
      return true;
    },
  };
  const counters = { delivered: 7, dropped: 0, rejected: 0, invalid: 0, pendingPoints: 0, pendingEvents: 0 };
  const line = new ProgressLine({ name: 'wing', counters }, terminal);
  const said = () => {
    const text = written.replaceAll('\r\u001b[2K', '<erase>');
    written = '';
    return text;
  };
  vi.advanceTimersByTime(1000);
  expect(said()).toMatch(/^<erase>simvue: wing, \d+ s, 7 values and events delivered$/);
  line.onOutput('stdout', Buffer.from('half a line'));
  expect(said()).toBe('<erase>');
  vi.advanceTimersByTime(3000);
  expect(said()).toBe('');
  line.onOutput('stdout', Buffer.from(' done\n'));
  vi.advanceTimersByTime(1000);
  expect(said()).toBe('');
  vi.advanceTimersByTime(1000);
  expect(said()).toContain('simvue: wing');
  line.end();
  expect(said()).toBe('<erase>');
  vi.advanceTimersByTime(5000);
  expect(said()).toBe('');
});
