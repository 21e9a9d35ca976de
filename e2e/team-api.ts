import { openAsBlob } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatasetWire, Run, Series } from '#core/api/schemas.ts';
import type { RunConfigInput } from '#core/config/run-config.ts';
import { openDb } from '#db/client.ts';
import { createToken } from '#server/tokens/create-token.ts';
import { ADMIN, type TestServer } from './server.ts';

/** The REST interface as a script of one team member uses it. Made for tests and benchmarks that are about what runs behind the pages. */
export class TeamApi {
  readonly url: string;
  readonly token: string;
  readonly teamId: string;

  private constructor(url: string, token: string, teamId: string) {
    this.url = url;
    this.token = token;
    this.teamId = teamId;
  }

  /** A new course with one team, of which the administrator is a member, and a token with every scope. */
  static async create(server: TestServer, name = 'Kestrel'): Promise<TeamApi> {
    const db = openDb(server.databaseUrl, 2);
    try {
      const { id: userId } = await db.prisma.user.findUniqueOrThrow({ where: { email: ADMIN.email } });
      const course = await db.prisma.course.create({ data: { name: `Course of ${name}` } });
      const team = await db.prisma.team.create({ data: { courseId: course.id, name } });
      await db.prisma.courseMember.create({
        data: { courseId: course.id, userId, role: 'instructor', teamId: team.id },
      });
      const session = await db.prisma.session.create({ data: { userId, expiresAt: new Date(Date.now() + 3_600_000) } });
      const actor = { userId, isAdmin: true, via: { kind: 'session' as const, sessionId: session.id } };
      const made = await createToken(db, actor, { name, scopes: ['read', 'run', 'submit'], projectId: null, days: 1 });
      return new TeamApi(server.url, made.token, team.id);
    } finally {
      await db.close();
    }
  }

  async send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body instanceof Blob
          ? { 'content-type': 'application/octet-stream' }
          : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) }),
    });
  }

  /** The answer's JSON; throws what a problem document says. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Asks again until `done` holds, also while a server that is being restarted does not answer. */
  async until<T>(path: string, done: (value: T) => boolean, timeoutMs = 180_000, everyMs = 50): Promise<T> {
    const deadline = Date.now() + timeoutMs;
    let last: unknown;
    while (Date.now() < deadline) {
      try {
        const value = await this.call<T>('GET', path);
        if (done(value)) return value;
        last = value;
      } catch (error) {
        last = error;
      }
      await delay(everyMs);
    }
    throw new Error(
      `${path} did not come to what was waited for. Last: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
    );
  }

  async createProject(name: string): Promise<string> {
    return (await this.call<{ id: string }>('POST', '/projects', { teamId: this.teamId, name })).id;
  }

  async upload(projectId: string, file: string): Promise<string> {
    const query = new URLSearchParams({ filename: file.split('/').at(-1)!, confirm: 'auto' });
    const { id } = await this.call<{ id: string }>(
      'POST',
      `/projects/${projectId}/datasets?${query}`,
      await openAsBlob(file),
    );
    return id;
  }

  async sealed(datasetId: string): Promise<DatasetWire> {
    const ended = (d: DatasetWire) => ['sealed', 'failed', 'cancelled', 'review'].includes(d.state);
    const dataset = await this.until<DatasetWire>(`/datasets/${datasetId}`, ended);
    if (dataset.state !== 'sealed') throw new Error(`The data set is ${dataset.state}: ${dataset.error}`);
    return dataset;
  }

  async launch(projectId: string, name: string, config: RunConfigInput): Promise<string> {
    const { runs } = await this.call<{ runs: { id: string }[] }>('POST', `/projects/${projectId}/runs`, {
      name,
      config,
    });
    return runs[0]!.id;
  }

  async ended(runId: string, timeoutMs?: number, everyMs?: number): Promise<Run> {
    return this.until<Run>(`/runs/${runId}`, (run) => !['queued', 'running'].includes(run.state), timeoutMs, everyMs);
  }

  async series(runId: string, name: string): Promise<Series> {
    const query = new URLSearchParams({ name });
    const { items } = await this.call<{ items: Series[] }>('GET', `/runs/${runId}/series?${query}`);
    return items[0]!;
  }
}
