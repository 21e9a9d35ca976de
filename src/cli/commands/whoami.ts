import type { Command } from 'commander';
import { meSchema } from '#core/api/schemas.ts';
import { serverCommand } from '../command.ts';
import { printFields, printJson } from '../output.ts';

export function addWhoamiCommand(program: Command): void {
  serverCommand(
    program,
    'whoami',
    'who the token stands for, and what it may do',
    (command) => command,
    async ({ client, json }) => {
      const me = await client.get('/me', meSchema);
      if (json) return printJson(me);
      printFields({
        server: client.url,
        person: `${me.name} (${me.email})`,
        scopes: me.token?.scopes.join(', '),
        project: me.token?.projectId ?? 'all that you may reach',
      });
    },
  );
}
