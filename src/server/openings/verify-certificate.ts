import { type Verdict, verifyCertificate as verify } from '#core/seal/certificate.ts';
import type { Db } from '#db/client.ts';
import { listCertificateKeys } from './list-certificate-keys.ts';

/** Whether a certificate was signed by a referee of this server, and says what it said then. Public: needs no actor. */
export async function verifyCertificate(db: Db, certificate: unknown): Promise<Verdict> {
  const { keys } = await listCertificateKeys(db);
  return verify(certificate, keys);
}
