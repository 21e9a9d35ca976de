'use client';

import { useMutation } from '@tanstack/react-query';
import { Download, ShieldCheck } from 'lucide-react';
import { runId } from '#core/format/numbers.ts';
import type { Certificate } from '#core/seal/certificate.ts';
import { lineageWords } from '#core/transfer/words.ts';
import { useTRPC } from '../trpc/client.tsx';
import { Button } from '../ui/index.ts';
import { grouped } from './words.ts';

/** Digests, signature, and three ways to check them. */
export function CertificateDigests({ certificate }: { certificate: Certificate }) {
  const trpc = useTRPC();
  const verify = useMutation(trpc.final.verify.mutationOptions());
  const { document, signature } = certificate;
  const file = `${`${document.team.name}-${document.project.name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-certificate.json`;
  const download = () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(certificate, null, 2)], { type: 'application/json' }));
    const link = window.document.createElement('a');
    link.href = url;
    link.download = file;
    link.click();
    URL.revokeObjectURL(url);
  };
  const rows: [string, string][] = [
    ['Data', grouped(document.dataset.contentDigest)],
    ['Split', grouped(document.dataset.splitDigest)],
    ['Sealed part', grouped(document.dataset.sealedDigest)],
    [`Configuration, ${runId(document.run.number)}`, grouped(document.run.configDigest)],
    [`Weights, epoch ${document.run.epoch}`, grouped(document.run.weightsDigest)],
    ...(document.run.lineage ?? []).map((step, i): [string, string] => [
      `${i === 0 ? 'Began with' : 'Which began with'} ${lineageWords(step).what}`,
      grouped(step.weightsDigest),
    ]),
    ['Key', signature.keyId],
    [`Signature, ${signature.algorithm}`, signature.value],
  ];
  return (
    <section className="rule">
      <h2>To check it yourself</h2>
      <dl className="dig">
        {rows.map(([term, value]) => (
          <div key={term} className="contents">
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="acts">
        <Button onClick={() => verify.mutate(certificate)} pending={verify.isPending}>
          <ShieldCheck className="i" aria-hidden />
          Verify this certificate
        </Button>
        <Button variant="quiet" onClick={download}>
          <Download className="i" aria-hidden />
          Download JSON
        </Button>
        <span className="small three">
          or, on any machine: <code>holdout final verify {file} --keys keys.json</code>
        </span>
      </div>
      <p className="small" role="status">
        {verify.data?.valid === true && (
          <span className="good">Genuine: signed by this server’s referee, and unchanged since.</span>
        )}
        {verify.data?.valid === false && <span className="bad">{verify.data.reason}</span>}
        {verify.error && <span className="bad">It could not be checked: {verify.error.message}</span>}
      </p>
      <p className="small three">
        The digests are SHA-256. The signature covers the document’s canonical JSON (RFC 8785); the public keys are at{' '}
        <code>/api/v1/certificate-keys</code>:{' '}
        <a href="/api/v1/certificate-keys" download="keys.json">
          Download keys.json
        </a>
        .
      </p>
    </section>
  );
}
