import { z } from 'zod';
import { previewRequestSchema, previewSchema } from '#core/api/schemas.ts';
import { contactSheet } from '../../augmentation/contact-sheet.ts';
import { previewAugmentation } from '../../augmentation/preview-augmentation.ts';
import { route } from '../route.ts';

export const augmentationRoutes = [
  route({
    method: 'POST',
    path: '/projects/{projectId}/augmentation-preview',
    operationId: 'previewAugmentation',
    tag: 'runs',
    summary: 'Sixteen train items with their targets as a step would see them; nothing is launched',
    description:
      'Pictures have the size of the data set, or 512 pixels on their longer side. `format=png` lays them out on one sheet, 4 by 4, with their classes or keypoints.',
    access: 'read',
    query: z.object({
      format: z.enum(['json', 'png']).default('json'),
      images: z.enum(['true', 'false']).default('true').describe('with format=json: false leaves the pictures out'),
    }),
    body: previewRequestSchema,
    response: previewSchema,
    media: ['image/png'],
    async handler({ db, blobs, actor, params, query, body }) {
      const images = query.format === 'png' || query.images === 'true';
      const preview = await previewAugmentation(db, blobs, actor, { ...body, projectId: params.projectId, images });
      if (query.format === 'png') {
        const headers = { 'content-type': 'image/png', 'cache-control': 'no-store' };
        return new Response((await contactSheet(preview, body.config.augmentation)) as Uint8Array<ArrayBuffer>, {
          headers,
        });
      }
      const items = preview.items.map(({ png, ...item }) => ({
        ...item,
        ...(png && { image: `data:image/png;base64,${png.toString('base64')}` }),
      }));
      return { ...preview, items };
    },
  }),
];
