import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createKeyFile } from '../create-key-file.ts';

/**
 * The referee's key in <data folder>/keys/referee: 32 random bytes as hex, readable by its owner alone.
 * It wraps each part's own AES-256 key with AES key wrap (RFC 3394). Symmetric on purpose: the process that seals
 * is the only one that may open, so a public key would only let others make parts that look sealed.
 */

const WRAP_IV = Buffer.alloc(8, 0xa6);

export interface RefereeKey {
  wrap(dataKey: Buffer): Buffer;
  /** Throws where the key was wrapped by another referee's key, or was changed. */
  unwrap(wrapped: Uint8Array): Buffer;
}

export function refereeKeyPath(dataDir: string): string {
  return path.join(dataDir, 'keys', 'referee');
}

/** Reads the key; makes it on first use. `mayCreate` is false once something is sealed: a new key could never open it. */
export async function openRefereeKey(dataDir: string, mayCreate: boolean): Promise<RefereeKey> {
  const file = refereeKeyPath(dataDir);
  if (mayCreate) await createKeyFile(file, `${randomBytes(32).toString('hex')}\n`);
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new Error(
      `The referee's key ${file} is missing or unreadable, but sealed test parts need it. Put it back from a backup of the data folder.`,
      { cause },
    );
  });
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new Error(`${file} is not a referee's key. Put it back from a backup.`);
  const key = Buffer.from(text.trim(), 'hex');
  return {
    wrap(dataKey) {
      const cipher = createCipheriv('aes256-wrap', key, WRAP_IV);
      return Buffer.concat([cipher.update(dataKey), cipher.final()]);
    },
    unwrap(wrapped) {
      const decipher = createDecipheriv('aes256-wrap', key, WRAP_IV);
      return Buffer.concat([decipher.update(wrapped), decipher.final()]);
    },
  };
}
