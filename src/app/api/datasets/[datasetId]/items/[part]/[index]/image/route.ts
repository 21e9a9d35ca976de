import { AppError } from '#core/errors.ts';
import { blobs } from '#server/blobs.ts';
import { getItemImage } from '#server/datasets/get-item-image.ts';
import { db } from '#server/db.ts';
import { authenticate } from '#server/rest/authenticate.ts';
import { problemResponse } from '#server/rest/problem.ts';

export const dynamic = 'force-dynamic';

type Params = { params: Promise<{ datasetId: string; part: string; index: string }> };

export async function GET(request: Request, { params }: Params): Promise<Response> {
  try {
    const actor = await authenticate(db(), request);
    if (!actor) throw new AppError('unauthenticated', 'Sign in first, or send a token.');
    const { datasetId, part, index } = await params;
    const png = await getItemImage(db(), blobs(), actor, datasetId, part, Number(index));
    // Packs never change; only the same person's browser may keep them.
    return new Response(new Uint8Array(png), {
      headers: { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000, immutable' },
    });
  } catch (error) {
    return problemResponse(error, 'GET item image');
  }
}
