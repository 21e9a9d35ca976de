import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from './core/errors.ts';

/** The only place that reads process.env. Every variable is documented in docs/operations.md. */

const optional = z.string().trim().min(1).optional();

const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('production'),
  /** Postgres, e.g. postgresql://holdout:secret@127.0.0.1:5432/holdout */
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'must be a Postgres URL, such as postgresql://holdout:secret@127.0.0.1:5432/holdout',
  }),
  /** Data folder: database, blobs, keys, logs. Root's home is closed to Postgres, which does not run as root. */
  HOLDOUT_DATA: z
    .string()
    .min(1)
    .default(process.getuid?.() === 0 ? '/var/lib/holdout' : path.join(homedir(), '.local', 'share', 'holdout')),
  /** Address to listen on; 0.0.0.0 opens the server to the network. */
  HOST: z.string().trim().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Where people reach the server, e.g. https://holdout.example.edu; default http://127.0.0.1:PORT */
  HOLDOUT_URL: z.url().optional(),
  /** Signs session cookies; at least 32 characters. npm start makes one and keeps it in the data folder. */
  HOLDOUT_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters, such as the output of: openssl rand -hex 32')
    .optional(),
  HOLDOUT_ADMIN_EMAIL: z.email().optional(),
  HOLDOUT_ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: optional,
  OIDC_CLIENT_SECRET: optional,
  /** Name on the sign-in button. */
  OIDC_NAME: z.string().default('single sign-on'),
  /** Folder that holds libtensorflow_cc.so.2; default: the shared cache folder. */
  HOLDOUT_TENSORFLOW: optional,
  /** tensorflow or wasm; default: tensorflow where it loads. */
  HOLDOUT_ENGINE: z.enum(['tensorflow', 'wasm']).optional(),
  /** Largest upload in bytes. */
  HOLDOUT_MAX_UPLOAD: z.coerce.number().int().positive().default(1_073_741_824),
  /** Threads of one trainer; default: every core. */
  HOLDOUT_THREADS: z.coerce.number().int().positive().optional(),
  /** Bytes of memory that one trainer may take; default: all of the machine's, or of the container's. */
  HOLDOUT_MEMORY: z.coerce.number().int().positive().optional(),
  /** Runs that one trainer trains at once. */
  HOLDOUT_RUNS_AT_ONCE: z.coerce.number().int().min(1).max(64).default(2),
});

export type Env = z.infer<typeof schema> & { baseUrl: string };

/** Throws an Error whose message names each bad variable, what is wrong and an example. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const cleaned = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(cleaned);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not valid:\n${lines.join('\n')}\nSee docs/operations.md.`);
  }
  return { ...parsed.data, baseUrl: parsed.data.HOLDOUT_URL ?? `http://127.0.0.1:${parsed.data.PORT}` };
}

let cached: Env | undefined;

/** Parsed once, on first use, so that importing this file never throws. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

const cliSchema = z.object({
  HOLDOUT_URL: z.url({ protocol: /^https?$/, error: 'must be an address such as http://127.0.0.1:3000' }).optional(),
  HOLDOUT_TOKEN: optional,
  XDG_CONFIG_HOME: z.string().default(path.join(homedir(), '.config')),
});

/** What the `holdout` command reads: it needs no database and no data folder. */
export function cliEnv(): { url: string | undefined; token: string | undefined; configHome: string } {
  const parsed = cliSchema.safeParse(
    Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
  );
  if (!parsed.success) {
    const { path: at, message } = parsed.error.issues[0]!;
    throw new AppError('bad_request', `The environment variable ${at.join('.')} ${message}.`);
  }
  return { url: parsed.data.HOLDOUT_URL, token: parsed.data.HOLDOUT_TOKEN, configHome: parsed.data.XDG_CONFIG_HOME };
}

/** next-auth 4 reads the server's own address from the environment alone. */
export function tellNextAuth(): void {
  process.env.NEXTAUTH_URL ??= env().baseUrl;
}

/** Next runs instrumentation while it builds, too. */
export function isBuilding(): boolean {
  return process.env.NEXT_PHASE === 'phase-production-build';
}
