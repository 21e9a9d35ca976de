import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { AppError } from '#core/errors.ts';
import { EXIT_INTERRUPTED } from './exit-codes.ts';

/** Asks on the terminal. Where there is none, a script must say it with an option. */
export async function ask(question: string, instead: string): Promise<string> {
  return await askOn(process.stderr, question, instead);
}

/** As ask, without showing what is typed. */
export async function askSecret(question: string, instead: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const answer = await askOn(silent, '', instead);
  process.stderr.write('\n');
  return answer;
}

async function askOn(output: NodeJS.WritableStream, question: string, instead: string): Promise<string> {
  if (!process.stdin.isTTY) throw new AppError('bad_request', `There is no terminal to ask on. ${instead}`);
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  lines.once('SIGINT', () => process.exit(EXIT_INTERRUPTED));
  try {
    return (await lines.question(question)).trim();
  } finally {
    lines.close();
  }
}
