import type { Command } from 'commander';
import { Client } from './client.ts';
import { loadCredentials } from './credentials.ts';

/** What an action gets beside its arguments. */
export interface Session {
  client: Client;
  /** one JSON document on stdout instead of text */
  json: boolean;
}

type Action<O> = (session: Session, options: O, ...args: string[]) => Promise<void>;

/**
 * A command that talks to the server: `usage` is the name with its arguments, as in `show <run>`.
 * Each has --json; each is signed in before it starts.
 */
export function serverCommand<O = object>(
  parent: Command,
  usage: string,
  summary: string,
  configure: (command: Command) => Command,
  action: Action<O>,
): void {
  const command = configure(parent.command(usage).description(summary)).option('--json', 'print JSON for machines');
  command.action(async (...input: unknown[]) => {
    const args = input.slice(0, -2) as string[];
    const options = input.at(-2) as O & { json?: boolean };
    const session = { client: new Client(await loadCredentials()), json: options.json === true };
    await action(session, options, ...args);
  });
}
