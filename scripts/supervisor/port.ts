import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline/promises';

/** The port itself when free on `host`, the one that the system gave for 0; null when taken. */
async function tryPort(port: number, host: string): Promise<number | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return null;
    if (code === 'EACCES') throw new Error(`Port ${port} needs more rights than you have. Set PORT to one above 1023.`);
    throw new Error(`Holdout can't listen on ${host}, port ${port}: ${(error as Error).message}`);
  }
  const found = (server.address() as { port: number }).port;
  server.close();
  await once(server, 'close');
  return found;
}

/** The port to use; asks in a terminal when the wanted one is taken, else throws an Error that says the choice. */
export async function choosePort(wanted: number, host: string): Promise<number> {
  const free = await tryPort(wanted, host);
  if (free !== null) return free;
  let next = wanted + 1;
  while (next < 65_535 && (await tryPort(next, host)) === null) next++;
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    throw new Error(
      `Port ${wanted} is taken by another program. Choose: PORT=${next} npm start (that one is free), ` +
        'PORT=0 npm start (any free one), or stop the other program.',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Port ${wanted} is taken by another program. Use ${next} instead? [Y/n] `);
  terminal.close();
  if (/^\s*n/i.test(answer)) throw new Error(`Not started. Set PORT to choose another port.`);
  return next;
}
