import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { captureConsole } from '../../../../src/bridges/console-capture.ts';
import type { Threshold } from '../../../../src/bridges/severity.ts';

function captured(threshold: Threshold) {
  const printed = new PassThrough({ encoding: 'utf8' });
  const target = new Console(printed);
  const events: string[] = [];
  const run = {
    logEvent: (message: string, { level = 'info' }: { readonly level?: string } = {}) => {
      events.push(`${level}: ${message}`);
      return true;
    },
  };
  const end = captureConsole(run, threshold, target);
  return { target, events, end, printed: () => String(printed.read() ?? '') };
}

test('a trace is printed from the call of the program on, and is one event', () => {
  const { target, events, printed } = captured('trace');
  target.trace('at step %d', 3);
  const [title, first] = printed().split('\n');
  expect(title).toBe('Trace: at step 3');
  expect(first).toContain('console-capture.test.ts');
  expect(events).toEqual(['trace: at step 3']);
});

test('a trace below the threshold is printed and no event', () => {
  const { target, events, printed } = captured('warn');
  target.trace('here');
  expect(printed()).toMatch(/^Trace: here\n/);
  expect(events).toEqual([]);
});

test('an empty line is printed and no event; after the end nothing is', () => {
  const { target, events, printed, end } = captured('trace');
  target.log();
  target.log('mesh');
  end();
  target.log('later');
  expect(printed()).toBe('\nmesh\nlater\n');
  expect(events).toEqual(['info: mesh']);
});
