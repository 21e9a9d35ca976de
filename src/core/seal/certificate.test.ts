import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical.ts';
import { type Certificate, type PublicKey, signedBytes, verifyCertificate } from './certificate.ts';
import { TEST_DOCUMENT } from './testing.ts';

describe('canonicalJson', () => {
  it('follows RFC 8785, section 3.2.3 and appendix B', () => {
    expect(canonicalJson({ '€': 'Euro Sign', '\r': 'CR', '1': 'One', '\u0080': 'Control', ö: 'o', '': 'empty' })).toBe(
      '{"":"empty","\\r":"CR","1":"One","\u0080":"Control","ö":"o","€":"Euro Sign"}',
    );
    expect(canonicalJson([1e21, 333333333.3333333, 1e-27, -0, 4.5])).toBe('[1e+21,333333333.3333333,1e-27,0,4.5]');
  });
  it('does not depend on the order of keys, and reads back as what it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const shuffled = Object.fromEntries(Object.entries(plain).reverse());
        expect(canonicalJson(shuffled)).toBe(canonicalJson(plain));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });
  it('refuses what JSON cannot hold', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, undefined, { a: undefined }, '\ud800', 1n])
      expect(() => canonicalJson(bad)).toThrow(TypeError);
  });
});

const document = TEST_DOCUMENT;

describe('verifyCertificate', () => {
  let key: PublicKey;
  let certificate: Certificate;

  beforeAll(async () => {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
    key = { kty: 'OKP', crv: 'Ed25519', x: jwk.x!, kid: 'k1' };
    const bytes = new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, signedBytes(document)));
    const value = btoa(String.fromCharCode(...bytes));
    certificate = { document, signature: { algorithm: 'Ed25519', keyId: 'k1', value } };
  });

  it('accepts what the referee signed, whatever the order of its keys', async () => {
    expect(await verifyCertificate(certificate, [key])).toMatchObject({ valid: true, keyId: 'k1' });
    const reordered = JSON.parse(canonicalJson(certificate));
    expect((await verifyCertificate(reordered, [key])).valid).toBe(true);
  });

  it('refuses a change of any leaf of the document', async () => {
    const leaves: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]) => {
      if (value !== null && typeof value === 'object')
        for (const [k, v] of Object.entries(value)) walk(v, [...path, Array.isArray(value) ? Number(k) : k]);
      else leaves.push(path);
    };
    walk(document, []);
    expect(leaves.length).toBeGreaterThan(40);
    for (const path of leaves) {
      const forged = structuredClone(certificate);
      let at = forged.document as unknown as Record<string | number, unknown>;
      for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
      const leaf = path.at(-1)!;
      const old = at[leaf];
      at[leaf] = typeof old === 'number' ? old + 1 : typeof old === 'string' ? flip(old) : 'x';
      expect((await verifyCertificate(forged, [key])).valid, path.join('.')).toBe(false);
    }
  });

  it('refuses an added field, another key, a stranger key id, and what is no certificate', async () => {
    const added = structuredClone(certificate) as Certificate & { document: { grade?: string } };
    added.document.grade = 'A';
    expect(await verifyCertificate(added, [key])).toMatchObject({
      valid: false,
      reason: expect.stringContaining('added'),
    });
    const other = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const x = (await crypto.subtle.exportKey('jwk', other.publicKey)).x!;
    expect(await verifyCertificate(certificate, [{ ...key, x }])).toMatchObject({
      valid: false,
      reason: expect.stringContaining('signature'),
    });
    expect(await verifyCertificate(certificate, [{ ...key, kid: 'k2' }])).toMatchObject({
      valid: false,
      reason: expect.stringContaining('k1'),
    });
    for (const junk of [null, 'x', {}, { document }, undefined])
      expect(await verifyCertificate(junk, [key])).toMatchObject({
        valid: false,
        reason: expect.stringContaining('not a Holdout'),
      });
  });
});

/** Another string of the same shape, so that the schema lets it through where it can. */
function flip(text: string): string {
  const hex = text.replace(/[0-9a-f](?=[^0-9a-f]*$)/, (c) => (c === '1' ? '2' : '1'));
  return hex === text ? `${text}x` : hex;
}
