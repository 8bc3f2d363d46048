import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ContentPurpose,
  createUrlSigner,
  openUrlSigner,
  SIGNATURE_LIFETIME_SECONDS,
} from '../../../../collector/api/signed-url.ts';

const NOW = 1_769_860_800_123;
const id = fc.stringMatching(/^[A-Za-z0-9]{22}$/);
const purpose = fc.constantFrom<ContentPurpose>('upload', 'download');
const FORBIDDEN = expect.objectContaining({ code: 'SIMVUE_ERR_FORBIDDEN' });

describe('a signed URL', () => {
  it('is valid for its artifact and purpose during its life, and never after', () => {
    fc.assert(
      fc.property(id, purpose, fc.integer({ min: 0, max: 2 * SIGNATURE_LIFETIME_SECONDS }), (artifact, use, later) => {
        let now = NOW;
        const signer = createUrlSigner('secret', () => now);
        const signature = signer.sign(artifact, use);
        now += later * 1000;
        const check = () => signer.check(artifact, use, signature);
        // The expiry is in whole seconds, rounded down: the last second may be cut.
        if (later < SIGNATURE_LIFETIME_SECONDS - 1) expect(check).not.toThrow();
        if (later >= SIGNATURE_LIFETIME_SECONDS) expect(check).toThrow(/has expired/);
      }),
    );
  });

  it('is refused with any part of it changed, or by another secret', () => {
    const signer = createUrlSigner('secret', () => NOW);
    fc.assert(
      fc.property(id, id, purpose, fc.nat(63), fc.integer(), (artifact, other, use, at, shift) => {
        const given = signer.sign(artifact, use);
        const digit = given.signature[at] === '0' ? '1' : '0';
        const forged = given.signature.slice(0, at) + digit + given.signature.slice(at + 1);
        const attempts = [
          () => signer.check(artifact, use, { ...given, signature: forged }),
          () => signer.check(artifact, use === 'upload' ? 'download' : 'upload', given),
          () => createUrlSigner('other', () => NOW).check(artifact, use, given),
          ...(other === artifact ? [] : [() => signer.check(other, use, given)]),
          ...(shift === 0
            ? []
            : [() => signer.check(artifact, use, { ...given, expires: String(Number(given.expires) + shift) })]),
        ];
        for (const attempt of attempts) expect(attempt).toThrow(FORBIDDEN);
      }),
    );
  });

  it('is refused when it is not signed at all, or with text that is no signature', () => {
    const signer = createUrlSigner('secret', () => NOW);
    const { expires, signature } = signer.sign('a', 'upload');
    const texts = [undefined, '', 'zz', signature.slice(2), `${signature}00`, signature.toUpperCase().slice(1)];
    for (const text of texts) {
      const given = text === undefined ? { expires } : { expires, signature: text };
      expect(() => signer.check('a', 'upload', given)).toThrow(FORBIDDEN);
    }
    expect(() => signer.check('a', 'upload', {})).toThrow(FORBIDDEN);
  });

  it('outlives a restart, because the secret is kept', async () => {
    const settings = new Map<string, string>();
    const store = {
      getSetting: async (key: string) => settings.get(key),
      setSetting: async (key: string, value: string) => void settings.set(key, value),
    };
    const first = await openUrlSigner(store, () => NOW);
    const second = await openUrlSigner(store, () => NOW);
    expect(() => second.check('a', 'upload', first.sign('a', 'upload'))).not.toThrow();
    expect([...settings.values()][0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
