import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson } from '#core/seal/canonical.ts';
import {
  type Certificate,
  type CertificateDocument,
  type PublicKey,
  publicKeySchema,
  signedBytes,
} from '#core/seal/certificate.ts';
import type { Db } from '#db/client.ts';
import { createKeyFile } from '../create-key-file.ts';

/** The Ed25519 key in <data folder>/keys/certificate.pem (PKCS 8, readable by its owner alone): it signs certificates, nothing else. */
export interface SigningKey {
  publicKey: PublicKey;
  sign(document: CertificateDocument): Certificate;
}

export function signingKeyPath(dataDir: string): string {
  return path.join(dataDir, 'keys', 'certificate.pem');
}

/** Reads the key; makes it on first use. Of two referees that start at once, one makes it and both use that one. */
export async function openSigningKey(dataDir: string): Promise<SigningKey> {
  const file = signingKeyPath(dataDir);
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return createKey(file);
    throw error;
  });
  const privateKey = parsePrivateKey(file, pem);
  const publicKey = publicKeyOf(privateKey);
  return {
    publicKey,
    sign: (document) => ({
      document,
      signature: {
        algorithm: 'Ed25519',
        keyId: publicKey.kid,
        value: sign(null, signedBytes(document), privateKey).toString('base64'),
      },
    }),
  };
}

/** Makes the public half known to everyone who checks certificates; keys stay published for ever. */
export async function publishKey(db: Db, key: SigningKey): Promise<void> {
  const { kid, x } = key.publicKey;
  await db.pool.query('INSERT INTO "CertificateKey" (kid, x) VALUES ($1, $2) ON CONFLICT DO NOTHING', [kid, x]);
}

function parsePrivateKey(file: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // said below, with the file's name
  }
  throw new Error(
    `${file} is not an Ed25519 key. Put it back from a backup, or remove it: the referee then makes a new one, and old certificates stay valid.`,
  );
}

function publicKeyOf(privateKey: KeyObject): PublicKey {
  const { kty, crv, x } = createPublicKey(privateKey).export({ format: 'jwk' });
  // RFC 7638: the digest of the required members, in order, without space.
  const kid = createHash('sha256').update(canonicalJson({ crv, kty, x })).digest('base64url');
  return publicKeySchema.parse({ kty, crv, x, kid });
}

async function createKey(file: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await createKeyFile(file, pem);
  return readFile(file, 'utf8');
}
