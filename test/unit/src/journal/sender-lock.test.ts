import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lifeOf, ownIdentity, type ProcessIdentity } from '../../../../src/journal/process-identity.ts';
import { SenderLock } from '../../../../src/journal/sender-lock.ts';

let directory: string;
const lockPath = () => join(directory, 'sender.lock');
const take = () =>
  SenderLock.take(directory, (error) => {
    throw error;
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'simvue-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function writeLock(holder: Partial<ProcessIdentity>, ageSeconds = 0): void {
  writeFileSync(lockPath(), JSON.stringify({ ...ownIdentity(), ...holder }));
  const time = Date.now() / 1000 - ageSeconds;
  utimesSync(lockPath(), time, time);
}

describe('the lock of a sender', () => {
  test('is held by one, until it is released', () => {
    const lock = take();
    expect(lock).toBeDefined();
    expect(take()).toBeUndefined();
    lock?.release();
    expect(readdirSync(directory)).toEqual([]);
    take()?.release();
  });

  test.each([
    { whose: 'a process that has ended', holder: { pid: 2 ** 22 + 1 } },
    { whose: 'an earlier process with the same pid', holder: { started: '1' } },
  ])('of $whose is taken over at once', ({ holder }) => {
    writeLock(holder);
    const lock = take();
    expect(lock).toBeDefined();
    lock?.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('of another host is respected while it is refreshed, and taken over after five minutes without', () => {
    writeLock({ place: 'elsewhere', pid: 1 }, 200);
    expect(take()).toBeUndefined();
    writeLock({ place: 'elsewhere', pid: 1 }, 400);
    const lock = take();
    expect(lock).toBeDefined();
    lock?.release();
  });

  test('that is being written is respected', () => {
    writeFileSync(lockPath(), '{"pla');
    expect(take()).toBeUndefined();
  });

  test('that somebody else has taken over is not released by its former holder', () => {
    const lock = take();
    writeLock({ place: 'elsewhere' });
    const text = readFileSync(lockPath(), 'utf8');
    lock?.release();
    expect(readFileSync(lockPath(), 'utf8')).toBe(text);
  });
});

describe('the life of a process', () => {
  test('is known on this host only', () => {
    expect(lifeOf(ownIdentity())).toBe('alive');
    expect(lifeOf({ ...ownIdentity(), started: '1' })).toBe('dead');
    expect(lifeOf({ ...ownIdentity(), place: 'elsewhere' })).toBe('unknown');
  });
});
