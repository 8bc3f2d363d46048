import { describe, expect, it } from 'vitest';
import { readControlEvents } from '../../../../collector/pipeline/control-events.ts';
import { resourceChange } from '../../../../collector/pipeline/resource-change.ts';
import type { Attributes, EventRecord } from '../../../../collector/pipeline/telemetry.ts';

function record(eventName: string, attributes: Attributes, members: Partial<EventRecord> = {}): EventRecord {
  return {
    timeUnixNano: 5n,
    observedTimeUnixNano: 5n,
    severityNumber: 9,
    severityText: '',
    eventName,
    body: '',
    attributes,
    traceId: '',
    spanId: '',
    uid: 'uid',
    ...members,
  };
}

describe('control events', () => {
  it('become changes; everything else stays an event; heartbeats vanish', () => {
    const note = record('', {});
    const artifact = record('simvue.artifact', {});
    const start = record('simvue.run.start', { 'simvue.run.attempt': 2, 'simvue.run.role': 'owner' });
    const beat = record('simvue.run.heartbeat', {});
    const { changes, events, refusals } = readControlEvents([note, start, beat, artifact], 'i1');
    expect(changes).toEqual([
      { timeUnixNano: 5n, uid: 'uid', instance: 'i1', lifecycle: { status: 'running', attempt: 2, role: 'owner' } },
    ]);
    expect(events).toEqual([note, artifact]);
    expect(refusals).toEqual([]);
  });

  it('read an update with its literal metadata keys, tags and folder', () => {
    const update = record('simvue.run.update', {
      'simvue.run.metadata.a.b': 1,
      'simvue.run.metadata.__proto__': 'data',
      'simvue.run.metadata_removed': ['c'],
      'simvue.run.tags_added': ['x'],
      'simvue.folder.path': 'f//g/',
      'simvue.folder.tags': ['y'],
    });
    const [change] = readControlEvents([update], 'i1').changes;
    expect(Object.entries(change?.metadataSet ?? {})).toEqual([
      ['a.b', 1],
      ['__proto__', 'data'],
    ]);
    expect(change).toMatchObject({
      metadataRemoved: ['c'],
      tagsAdded: ['x'],
      folderDetails: { path: '/f/g', tags: ['y'] },
    });
  });

  it('keep the first thousand of more tags, and say so', () => {
    const tags = Array.from({ length: 1200 }, (_, i) => `t${i}`);
    const update = record('simvue.run.update', { 'simvue.run.tags_added': tags, 'simvue.run.tags_removed': tags });
    const { changes, refusals } = readControlEvents([update], 'i1');
    expect(changes[0]?.tagsAdded).toEqual(tags.slice(0, 1000));
    expect(changes[0]?.tagsRemoved).toEqual(tags);
    expect(refusals).toEqual(['simvue.run.tags_added has 1200 entries: give at most 1000']);
  });

  it('have the same uid when the same record without uid comes again', () => {
    const twice = [0, 1].map(() => record('simvue.run.update', { 'simvue.run.name': 'n' }, { uid: undefined }));
    const [first, second] = readControlEvents(twice, 'i1').changes;
    expect(first?.uid).toBe(second?.uid);
  });

  it.each([
    ['an unknown status', 'simvue.run.end', { 'simvue.run.status': 'done' }, /simvue\.run\.status .*completed, failed/],
    ['a missing status', 'simvue.run.end', {}, /simvue\.run\.status is missing: give completed/],
    ['lost, which is found and not told', 'simvue.run.update', { 'simvue.run.status': 'lost' }, /simvue\.run\.status/],
    [
      'a number that is none',
      'simvue.run.start',
      { 'simvue.run.attempt': 'two' },
      /simvue\.run\.attempt is not a number/,
    ],
    ['a reserved name', 'simvue.run.stop', {}, /simvue\.run\.stop is reserved/],
    [
      'metadata above 64 KiB',
      'simvue.run.update',
      { 'simvue.run.metadata.big': 'x'.repeat(65_537) },
      /simvue\.run\.metadata\.big has 65537 bytes: give at most 65536/,
    ],
  ])('refuse %s, naming the attribute and the fix', (_title, eventName, attributes, reason) => {
    expect(readControlEvents([record(eventName, attributes)], 'i1').refusals).toEqual([expect.stringMatching(reason)]);
  });
});

describe('a resource', () => {
  const entry = (attributes: Attributes) => ({ attributes, instance: 'i1', series: [], binding: undefined });

  it('speaks of its run at time 0, with tags as one string and the rest of it as the system', () => {
    const { change, problems } = resourceChange(
      entry({
        'simvue.run.name': 'n',
        'simvue.run.folder': 'a/b/',
        'simvue.run.tags': 'x, y;z',
        'simvue.run.metadata.lr': 0.1,
        'simvue.run.heartbeat_timeout': '30',
        'host.name': 'h',
      }),
      null,
      7n,
    );
    expect(problems).toEqual([]);
    expect(change).toMatchObject({
      timeUnixNano: 0n,
      name: 'n',
      folder: '/a/b',
      tagsAdded: ['x', 'y', 'z'],
      heartbeatTimeoutSeconds: 30,
      firstSeenUnixNano: 7n,
    });
    expect(change.system).toEqual(Object.assign(Object.create(null), { 'host.name': 'h' }));
  });

  it('is the same change whatever the order of its attributes', () => {
    const uidOf = (attributes: Attributes) => resourceChange(entry(attributes), null, 1n).change.uid;
    expect(uidOf({ a: 1, b: 2 })).toBe(uidOf({ b: 2, a: 1 }));
  });

  it('does not become an owner by itself: a user needs the right to name one', () => {
    expect(resourceChange(entry({ 'simvue.run.user': 'eve' }), null, 1n).change.user).toBeUndefined();
  });
});
