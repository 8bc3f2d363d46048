import { describe, expect, it } from 'vitest';
import { deriveRunId, runIdOf } from '../../../../collector/pipeline/run-id.ts';
import { defaultRunName } from '../../../../collector/pipeline/run-name.ts';

describe('the id of a run', () => {
  it.each([
    ['22 letters and digits are the id', { 'simvue.run.id': 'abcdefghijklmnopqrstuv' }, 'abcdefghijklmnopqrstuv', null],
    ['any other text is hashed and kept', { 'simvue.run.id': 'job-17' }, 'WUbPxPeKEyMW8a3Yu5rahU', 'job-17'],
    [
      'the instance of the service comes before the process',
      { 'service.name': 'train', 'service.instance.id': 'a1', 'process.pid': 42 },
      'JpEGQKwHowlng8NPJcBr39',
      'train/a1',
    ],
    [
      'the process, with host.id before host.name',
      {
        'service.namespace': 'acme',
        'service.name': 'train',
        'host.id': 'h1',
        'host.name': 'n1',
        'process.pid': 42,
        'process.creation.time': '2026-01-01T00:00:00Z',
      },
      'fBZXE8aFXCCt5FNr7HXOD8',
      'acme/train/h1/42/2026-01-01T00:00:00Z',
    ],
    [
      'absent keys count as empty',
      { 'service.name': 'train', 'host.name': 'n1', 'process.pid': '42' },
      'XJ0NBWWRxM4VhctIgdzHA9',
      'train/n1/42',
    ],
  ])('%s', (_title, resource, runId, externalId) => {
    expect(deriveRunId(resource)).toEqual({ runId, externalId });
  });

  it("is the pipeline's when that is enabled", () => {
    const resource = { 'cicd.pipeline.run.id': '4711', 'service.instance.id': 'a1' };
    expect(deriveRunId(resource, { fromPipeline: true })).toEqual({
      runId: 'cYBLVRx4r129pX2Kai4b3h',
      externalId: '4711',
    });
    expect(deriveRunId(resource)).not.toMatchObject({ externalId: '4711' });
  });

  it('is not known without instance and pid', () => {
    expect(deriveRunId({ 'service.name': 'train', 'host.name': 'n1' })).toBeUndefined();
  });

  it.each([
    ['empty', '', 'simvue.run.id is empty: leave it out, or give 1 to 128 characters'],
    ['too long', 'x'.repeat(129), 'simvue.run.id has 129 characters: give at most 128'],
  ])('is refused when it is %s, naming the attribute and the fix', (_title, value, refused) => {
    expect(runIdOf(value)).toEqual({ refused });
  });

  it('counts characters, not code units', () => {
    expect(runIdOf('🚀'.repeat(128))).toHaveProperty('runId');
  });

  it('differs between tenants', () => {
    expect(runIdOf('job-17', 'a')).not.toEqual(runIdOf('job-17', 'b'));
  });

  it('gives a run its name when nobody did', () => {
    expect(defaultRunName('abcdefghijklmnopqrstuv')).toMatch(/^[a-z]+-[a-z]+$/);
    expect(defaultRunName('abcdefghijklmnopqrstuv')).toBe(defaultRunName('abcdefghijklmnopqrstuv'));
  });
});
