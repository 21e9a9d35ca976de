import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { pageOf, projectIdSchema, sharedSchema, sourceSchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { runId } from '#core/format/numbers.ts';
import { serverCommand } from '../command.ts';
import { findProject, PROJECT_OPTION } from '../find-project.ts';
import { findRun } from '../find-run.ts';
import { metric, printJson, printTable, say } from '../output.ts';

/** `run sources` and `run share`. */
export function addSourceCommands(run: Command): void {
  serverCommand<{ project?: string }>(
    run,
    'sources',
    'what a run may start from: runs of the team, runs shared with the course, uploaded models',
    (command) => command.option(...PROJECT_OPTION),
    async ({ client, json }, options) => {
      const { id } = await findProject(client, options.project);
      const sources = await client.all(`/projects/${id}/sources`, pageOf(sourceSchema));
      if (json) return printJson(sources);
      const rows = sources.map((each) => [
        each.number === null ? 'model' : runId(each.number),
        each.name,
        each.shared ? `${each.team}, shared` : each.project.name,
        each.parameters,
        each.bestValue === null ? null : metric(each.bestValue),
        JSON.stringify(each.source),
      ]);
      printTable(['', 'name', 'of', 'parameters', 'best', 'startFrom.source'], rows, 'Nothing to start from yet.');
    },
  );
  serverCommand<{ project?: string; off?: boolean }>(
    run,
    'share <run>',
    'let every team of the course start from its weights; for instructors',
    (command) => command.option(...PROJECT_OPTION).option('--off', 'no longer'),
    async ({ client, json }, options, wanted) => {
      const { id, name } = await findRun(client, wanted!, options.project);
      const answer = await client.post(`/runs/${id}/share`, sharedSchema, { shared: !options.off });
      if (json) return printJson(answer);
      say(answer.sharedAt ? `${name} is shared with the course.` : `${name} is not shared any more.`);
    },
  );
}

/** `model import`. */
export function addImportCommand(model: Command): void {
  serverCommand<{ project?: string; name?: string }>(
    model,
    'import <files...>',
    'upload a model for runs to start from: .keras, .h5, model.json with its weight files, or .safetensors with a JSON specification',
    (command) => command.option(...PROJECT_OPTION).option('--name <name>', 'default: the name of the file'),
    async ({ client, json }, { project, name }, files) => {
      const form = new FormData();
      for (const file of files as unknown as string[]) {
        if (!(await stat(file).catch(() => null))?.isFile())
          throw new AppError('bad_request', `There is no file ${file}.`);
        form.append('file', await openAsBlob(file), path.basename(file));
      }
      const { id: projectId } = await findProject(client, project);
      const { id } = await client.post(`/projects/${projectId}/models`, projectIdSchema.pick({ id: true }), form, {
        name,
      });
      if (json) return printJson({ id });
      say(`Uploaded. A configuration starts from it with "startFrom": {"source": {"model": "${id}"}, ...}.`);
    },
  );
}
