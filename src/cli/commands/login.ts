import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { meSchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { Client } from '../client.ts';
import { storeCredentials } from '../credentials.ts';
import { say } from '../output.ts';
import { ask, askSecret } from '../prompt.ts';

/** Asks for the server and a token, tries them, and keeps them for later commands. */
export function addLoginCommand(program: Command): void {
  program
    .command('login [url]')
    .description('keep a server and a token (made under Account, API tokens) for later commands')
    .option('--token-stdin', 'read the token from standard input')
    .action(async (given: string | undefined, options: { tokenStdin?: boolean }) => {
      const typed =
        given ?? (await ask('Server, such as http://127.0.0.1:3000: ', 'Give the address: holdout login <url>'));
      const url = checkUrl(typed);
      const token = options.tokenStdin
        ? (await text(process.stdin)).trim()
        : await askSecret(`Token (from ${url}/account; it is not shown): `, 'Use --token-stdin.');
      if (!token) throw new AppError('bad_request', 'There is no token.');
      const me = await new Client({ url, token }).get('/me', meSchema);
      const file = await storeCredentials({ url, token });
      say(`Signed in to ${url} as ${me.name} (${me.email}); scopes: ${me.token?.scopes.join(', ') ?? 'all'}.`);
      say(`Kept in ${file}, readable by you alone.`);
    });
}

function checkUrl(typed: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(typed) ? typed : `http://${typed}`);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AppError('bad_request', `"${typed}" is not an address such as http://127.0.0.1:3000.`);
  }
  return url.origin;
}
