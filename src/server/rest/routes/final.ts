import { certificateWire, commitSchema, committedSchema, finalSchema, keysSchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { commitFinal } from '../../openings/commit-final.ts';
import { getFinal } from '../../openings/get-final.ts';
import { listCertificateKeys } from '../../openings/list-certificate-keys.ts';
import { route } from '../route.ts';

export const finalRoutes = [
  route({
    method: 'GET',
    path: '/projects/{projectId}/final',
    operationId: 'getFinal',
    tag: 'final test',
    summary: 'Where the test part stands, and the result of its one opening',
    access: 'read',
    response: finalSchema,
    async handler({ db, actor, params }) {
      const { state, sealed, canOpen, opening, earlier } = await getFinal(db, actor, { projectId: params.projectId });
      return { state, n: sealed?.n ?? null, canOpen, opening, earlier };
    },
  }),
  route({
    method: 'POST',
    path: '/projects/{projectId}/final',
    operationId: 'commitFinal',
    tag: 'final test',
    summary: 'Commit the project to one run; the referee then opens the test part, once',
    description:
      'Whoever comes second gets the first opening, with `already` true, whichever run they named. The result comes a moment later: GET the same path until `state` is "opened".',
    access: 'submit',
    status: 202,
    body: commitSchema,
    response: committedSchema,
    handler: ({ db, blobs, actor, params, body }) =>
      commitFinal(db, blobs, actor, {
        ...{ projectId: params.projectId, runId: body.runId, confirmation: body.confirm, epoch: body.epoch },
      }),
  }),
  route({
    method: 'GET',
    path: '/projects/{projectId}/final/certificate',
    operationId: 'getCertificate',
    tag: 'final test',
    summary: 'The signed result',
    description: '`holdout final verify` checks it without any server.',
    access: 'read',
    response: certificateWire,
    async handler({ db, actor, params }) {
      const { opening } = await getFinal(db, actor, { projectId: params.projectId });
      if (!opening?.certificate) {
        throw new AppError('conflict', 'The test part is not open yet: there is no certificate.');
      }
      return opening.certificate;
    },
  }),
  route({
    method: 'GET',
    path: '/certificate-keys',
    operationId: 'listCertificateKeys',
    tag: 'final test',
    summary: 'The public keys that certificates of this server are signed with (RFC 7517)',
    access: 'public',
    response: keysSchema,
    handler: ({ db }) => listCertificateKeys(db),
  }),
];
