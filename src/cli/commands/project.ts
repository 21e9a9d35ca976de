import type { Command } from 'commander';
import { type Me, meSchema, pageOf, projectIdSchema, projectSchema, projectSummarySchema } from '#core/api/schemas.ts';
import { AppError } from '#core/errors.ts';
import { serverCommand } from '../command.ts';
import { printFields, printJson, printTable } from '../output.ts';

export function addProjectCommands(program: Command): void {
  const project = program.command('project').description('the projects of your team');
  serverCommand(
    project,
    'list',
    'every project that you may see',
    (command) => command,
    async ({ client, json }) => {
      const projects = await client.all('/projects', pageOf(projectSummarySchema));
      if (json) return printJson(projects);
      const rows = projects.map((each) => [each.name, each.team.name, each.course.name, each.testPart, each.id]);
      const head = ['name', 'team', 'course', 'test part', 'id'];
      printTable(head, rows, 'No projects yet. Make one: holdout project create <name>');
    },
  );
  serverCommand<{ team?: string }>(
    project,
    'create <name>',
    'make a project',
    (command) => command.option('--team <team>', 'name or id of the team; needed where you are in several'),
    async ({ client, json }, options, name) => {
      const team = pickTeam((await client.get('/me', meSchema)).teams, options.team);
      const { id } = await client.post('/projects', projectIdSchema, { teamId: team.id, name });
      const made = await client.get(`/projects/${id}`, projectSchema);
      if (json) return printJson(made);
      printFields({ project: made.name, id: made.id, team: made.team.name, course: made.course.name });
    },
  );
}

/** The one team that is meant; names them where there are several. */
function pickTeam(teams: Me['teams'], wanted: string | undefined) {
  const fit = wanted === undefined ? teams : teams.filter((team) => team.id === wanted || team.name === wanted);
  if (fit.length === 1) return fit[0]!;
  if (teams.length === 0) {
    throw new AppError('not_found', 'You are in no team yet. Ask your instructor for an invitation.');
  }
  const names = teams.map((team) => `"${team.name}" (${team.course.name}, ${team.id})`).join(', ');
  if (fit.length === 0) throw new AppError('not_found', `You are in no team "${wanted}". You are in: ${names}.`);
  throw new AppError('bad_request', `Say which team with --team: ${names}.`);
}
