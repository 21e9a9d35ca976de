import { CommanderError } from 'commander';
import { AppError } from '#core/errors.ts';
import { exitCodeOf } from './exit-codes.ts';
import { printError } from './output.ts';
import { buildProgram } from './program.ts';

// A reader that closes early (holdout run list | head) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await buildProgram().parseAsync(process.argv);
} catch (error) {
  if (!(error instanceof CommanderError)) {
    printError(error, process.argv.includes('--json'));
    if (!(error instanceof AppError)) console.error(error);
  }
  process.exitCode = exitCodeOf(error);
}
