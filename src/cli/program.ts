import { Command } from 'commander';
import { addDatasetCommands } from './commands/dataset.ts';
import { addFinalCommands } from './commands/final.ts';
import { addLoginCommand } from './commands/login.ts';
import { addModelCommands } from './commands/model.ts';
import { addProjectCommands } from './commands/project.ts';
import { addRunCommands } from './commands/run.ts';
import { addSeriesCommands } from './commands/series.ts';
import { addTrainerCommands } from './commands/trainer.ts';
import { addWhoamiCommand } from './commands/whoami.ts';
import { exitCodesText } from './exit-codes.ts';

/** The whole command line; docs/cli.md says the same in more words. */
export function buildProgram(): Command {
  const program = new Command('holdout')
    .description('Projects, data sets, runs and the one opening of the test part, from a shell or a script.')
    .helpCommand(false)
    .showHelpAfterError('(holdout --help lists the commands)')
    .addHelpText(
      'after',
      '\nExit codes: holdout help exit-codes\nServer and token: holdout login, or HOLDOUT_URL and HOLDOUT_TOKEN',
    )
    .exitOverride();
  addLoginCommand(program);
  addWhoamiCommand(program);
  addProjectCommands(program);
  addDatasetCommands(program);
  addRunCommands(program);
  addModelCommands(program);
  addSeriesCommands(program);
  addFinalCommands(program);
  addTrainerCommands(program);
  addHelp(program);
  inheritSettings(program);
  return program;
}

function addHelp(program: Command): void {
  program
    .command('help [topic...]')
    .description('help on a command, or on exit-codes')
    .action((topic: string[]) => {
      if (topic[0] === 'exit-codes') {
        process.stdout.write(exitCodesText());
        return;
      }
      let command = program;
      for (const name of topic) {
        const found = command.commands.find((sub) => sub.name() === name);
        if (!found) return program.error(`error: there is no help on "${topic.join(' ')}"`);
        command = found;
      }
      command.outputHelp();
    });
}

/** Commander gives a subcommand neither of these from its parent. */
function inheritSettings(command: Command): void {
  for (const sub of command.commands) {
    sub.exitOverride().showHelpAfterError('(--help says what it takes)');
    inheritSettings(sub);
  }
}
