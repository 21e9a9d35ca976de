import type { PublicKey } from '#core/seal/certificate.ts';
import type { Db } from '#db/client.ts';

/** Every public key that this server's referees ever signed with, newest first (RFC 7517). Public: needs no actor. */
export async function listCertificateKeys(db: Db): Promise<{ keys: PublicKey[] }> {
  const rows = await db.prisma.certificateKey.findMany({ orderBy: { createdAt: 'desc' } });
  return { keys: rows.map(({ kid, x }) => ({ kty: 'OKP', crv: 'Ed25519', x, kid })) };
}
