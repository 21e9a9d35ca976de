import { z } from 'zod';
import { lineageSchema } from '../transfer/lineage.ts';
import { sourceOverlapSchema } from '../transfer/overlap.ts';
import { canonicalJson } from './canonical.ts';
import { testResultSchema } from './result.ts';

/** The signed result of the one opening: anyone who has the referee's public key can check it, on any machine. */

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest of 64 hexadecimal digits');
const instant = z.iso.datetime();

/** A project of the same team that had committed to or opened a test part of the same split digest before. */
export const earlierOpeningSchema = z.object({
  project: z.object({ id: z.uuid(), name: z.string() }),
  committedAt: instant,
  /** null: committed, and not opened at the time of reading */
  openedAt: instant.nullable(),
});
export type EarlierOpening = z.infer<typeof earlierOpeningSchema>;

export const certificateDocumentSchema = z.object({
  type: z.literal('holdout-certificate'),
  version: z.literal(1),
  project: z.object({ id: z.uuid(), name: z.string() }),
  course: z.object({ id: z.uuid(), name: z.string(), term: z.string() }),
  team: z.object({ id: z.uuid(), name: z.string() }),
  dataset: z.object({
    id: z.uuid(),
    name: z.string(),
    contentDigest: digest,
    splitDigest: digest,
    sealedDigest: digest,
  }),
  run: z.object({
    id: z.uuid(),
    number: z.int(),
    name: z.string(),
    /** counted from 1 */
    epoch: z.int(),
    /** SHA-256 of the configuration's canonical JSON (RFC 8785) */
    configDigest: digest,
    weightsDigest: digest,
    /** what its first weights came from: the source, the source's own, and so on; left out where they came from the seed */
    lineage: lineageSchema.optional(),
    /** the test part beside the other data that the lineage's runs learned from, each data once; left out where there is none */
    overlaps: z.array(sourceOverlapSchema).optional(),
  }),
  /** what the run scored on validation before the opening */
  validation: z.object({
    n: z.int(),
    value: z.number(),
    /** among the runs that could be final when this one was committed, 1 the best; left out in older certificates */
    rank: z.int().optional(),
    /** how many those were */
    of: z.int().optional(),
  }),
  result: testResultSchema,
  /** oldest first; read by the referee in the transaction that stores the result */
  earlierOpenings: z.array(earlierOpeningSchema),
  committedBy: z.string().nullable(),
  committedAt: instant,
  openedAt: instant,
});
export type CertificateDocument = z.infer<typeof certificateDocumentSchema>;

export const certificateSchema = z.object({
  document: certificateDocumentSchema,
  signature: z.object({
    algorithm: z.literal('Ed25519'),
    /** JWK thumbprint (RFC 7638) of the key that signed */
    keyId: z.string(),
    /** base64 of 64 bytes, over the UTF-8 of the document's canonical JSON */
    value: z.base64(),
  }),
});
export type Certificate = z.infer<typeof certificateSchema>;

/** RFC 8037: an Ed25519 public key as a JWK. */
export const publicKeySchema = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.base64url(),
  kid: z.string(),
});
export type PublicKey = z.infer<typeof publicKeySchema>;

/** The bytes that are signed. */
export function signedBytes(document: CertificateDocument): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(document));
}

export type Verdict = { valid: true; document: CertificateDocument; keyId: string } | { valid: false; reason: string };

/**
 * Checks a certificate against the server's published keys. Works in Node 20+ and in browsers (WebCrypto). Never throws.
 * @param input what was read from a file: anything
 */
export async function verifyCertificate(input: unknown, keys: readonly PublicKey[]): Promise<Verdict> {
  const parsed = certificateSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return {
      valid: false,
      reason: `This is not a Holdout certificate: ${issue.path.join('.') || 'file'}: ${issue.message}`,
    };
  }
  const { document, signature } = parsed.data;
  // The parser drops fields that it doesn't know; one that was added must not pass as signed.
  if (canonicalJson(parsed.data) !== canonicalJson(input)) {
    return { valid: false, reason: 'The certificate holds fields that no certificate has. Somebody added them.' };
  }
  const key = keys.find((k) => k.kid === signature.keyId);
  if (!key) {
    return {
      valid: false,
      reason: `It was signed with key ${signature.keyId}, which is not one of this server's keys.`,
    };
  }
  const publicKey = await crypto.subtle.importKey('jwk', key, { name: 'Ed25519' }, false, ['verify']);
  const bytes = Uint8Array.from(atob(signature.value), (c) => c.charCodeAt(0));
  const valid = await crypto.subtle.verify('Ed25519', publicKey, bytes, signedBytes(document));
  if (!valid)
    return {
      valid: false,
      reason: 'The signature does not fit the document: at least one figure, name or digest was changed.',
    };
  return { valid: true, document, keyId: signature.keyId };
}
