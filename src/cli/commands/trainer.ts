import type { Command } from 'commander';
import { trainersSchema } from '#core/api/schemas.ts';
import { runId } from '#core/format/numbers.ts';
import { serverCommand } from '../command.ts';
import { fileSize, printJson, printTable, say } from '../output.ts';

export function addTrainerCommands(program: Command): void {
  const trainer = program.command('trainer').description('the processes that train');
  serverCommand(
    trainer,
    'list',
    'the devices that train, what each can do and does, and why it computes as it does',
    (command) => command,
    async ({ client, json }) => {
      const found = await client.get('/trainers', trainersSchema);
      if (json) return printJson(found);
      const rows = found.trainers.map((each) => [
        each.name,
        each.state,
        each.device,
        each.devices,
        each.memoryBytes === null ? null : fileSize(each.memoryBytes),
        each.bf16 ? 'yes' : 'no',
        `${each.engine}${each.version ? ` ${each.version}` : ''}`,
        each.runs.map(({ visible }) => (visible ? `${runId(visible.number)} ${visible.name}` : 'a run')).join(', ') ||
          null,
      ]);
      const head = ['trainer', 'state', 'device', 'devices', 'memory', 'bf16', 'engine', 'trains'];
      printTable(head, rows, 'No trainer has ever registered. Start one: npm run trainer');
      for (const { name, reason } of found.trainers) if (reason) say(`${name}: ${reason}`);
      if (found.queue.length > 0) say(`${found.queue.length} in the queue.`);
    },
  );
}
