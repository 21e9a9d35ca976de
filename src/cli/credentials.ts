import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import { cliEnv } from '#env';

const credentialsSchema = z.object({ url: z.url(), token: z.string().min(1) });
export type Credentials = z.infer<typeof credentialsSchema>;

export function configFolder(): string {
  return path.join(cliEnv().configHome, 'holdout');
}

function credentialsFile(): string {
  return path.join(configFolder(), 'credentials.json');
}

/** HOLDOUT_URL and HOLDOUT_TOKEN before what `holdout login` stored; a stored token goes only to the server that it was stored for. */
export async function loadCredentials(): Promise<Credentials> {
  const { url, token } = cliEnv();
  if (url && token) return { url, token };
  const stored = await readStored();
  if (!stored && !token) {
    throw new AppError('unauthenticated', 'Run "holdout login" first, or set HOLDOUT_URL and HOLDOUT_TOKEN.');
  }
  if (token) {
    if (!stored)
      throw new AppError('bad_request', 'HOLDOUT_TOKEN is set, but HOLDOUT_URL is not, such as http://127.0.0.1:3000.');
    return { url: stored.url, token };
  }
  if (url && stored && new URL(url).origin !== new URL(stored.url).origin) {
    throw new AppError(
      'unauthenticated',
      `You are signed in to ${stored.url}, not to ${url}. Set HOLDOUT_TOKEN, or run "holdout login ${url}".`,
    );
  }
  return stored!;
}

async function readStored(): Promise<Credentials | null> {
  let text: string;
  try {
    text = await readFile(credentialsFile(), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new AppError('unavailable', `Can't read ${credentialsFile()}: ${(error as Error).message}`);
  }
  try {
    return credentialsSchema.parse(JSON.parse(text));
  } catch {
    throw new AppError('unauthenticated', `${credentialsFile()} is not valid. Run "holdout login" again.`);
  }
}

/** Whole or not at all, and readable by its owner alone. */
export async function storeCredentials(credentials: Credentials): Promise<string> {
  const file = credentialsFile();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
  return file;
}
