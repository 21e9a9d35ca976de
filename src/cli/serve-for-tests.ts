import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** Answers real HTTP on a free port of this machine with a handler as Next calls it. */
export async function serve(handle: (request: Request) => Promise<Response>) {
  const server = createServer(async (req, res) => {
    const body = req.method === 'GET' || req.method === 'HEAD' ? null : (Readable.toWeb(req) as BodyInit);
    const init = { method: req.method!, headers: req.headers as Record<string, string>, body, duplex: 'half' };
    const response = await handle(new Request(`http://${req.headers.host}${req.url}`, init as RequestInit));
    res.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body) Readable.fromWeb(response.body as ReadableStream).pipe(res);
    else res.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(resolve)) };
}
