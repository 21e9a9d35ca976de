import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { previewRequestSchema, previewSchema } from '#core/api/schemas.ts';
import { checkPreview } from '../../augmentation/check-preview.ts';
import { previewAnswer } from '../../augmentation/preview-answer.ts';
import { previewAugmentation } from '../../augmentation/preview-augmentation.ts';
import { elsewhere } from '../../elsewhere/elsewhere.ts';
import { route } from '../route.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const augmentationRoutes = [
  route({
    method: 'POST',
    path: '/projects/{projectId}/augmentation-preview',
    operationId: 'previewAugmentation',
    tag: 'runs',
    summary: 'Sixteen train items with their targets as a step would see them; nothing is launched',
    description:
      'Pictures have the size of the data set, or 512 pixels on their longer side. `format=png` lays them out on one sheet, 4 by 4, with their classes or keypoints; `sheet=true` adds it to the JSON.',
    access: 'read',
    query: z.object({
      format: z.enum(['json', 'png']).default('json'),
      images: flag.default(true).describe('with format=json: false leaves the pictures of the items out'),
      sheet: flag.default(false).describe('with format=json: true adds the sheet'),
    }),
    body: previewRequestSchema,
    response: previewSchema,
    media: ['image/png'],
    async handler({ db, blobs, actor, params, query, body, request }) {
      const { format, images, sheet } = query;
      const preview = await checkPreview(db, actor, { ...body, projectId: params.projectId });
      // Without a picture it takes some 5 ms, less than a process needs to start.
      if (format === 'json' && !images && !sheet)
        return previewAnswer(await previewAugmentation(blobs, preview, false), { images });
      const answer = format === 'png' ? format : { images, sheet };
      const { signal } = request;
      const { content, bytes } = await elsewhere('drawPreview', { root: blobs.root, preview, answer }, { signal });
      return new Response(Readable.toWeb(content) as ReadableStream as BodyInit, {
        headers: {
          'content-type': format === 'png' ? 'image/png' : 'application/json',
          'content-length': String(bytes),
          'cache-control': 'no-store',
        },
      });
    },
  }),
];
