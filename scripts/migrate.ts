/**
 * Database migrations, through Prisma's schema engine as WebAssembly (no native binary is downloaded).
 *
 * After each change of prisma/schema.prisma run one command, then commit what it wrote:
 *   node scripts/migrate.ts reinit        while unreleased: rewrites 1_init, the one generated migration
 *   node scripts/migrate.ts diff <name>   after a release: adds a migration from the last one to schema.prisma
 * What Prisma can't express (partial indexes, checks) is written by hand in 2_constraints, or in a new folder.
 *
 *   node scripts/migrate.ts deploy        applies what is missing to DATABASE_URL
 *   node scripts/migrate.ts check         fails when schema.prisma and the migrations differ
 *
 * prisma/migrations/schema.prisma is the schema that the migrations lead to. Comparing two schemas, not a
 * schema with a database, needs no shadow database, and leaves hand-written indexes alone, which a comparison
 * with a database proposes to drop.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { DiffTarget, MigrationList } from '@prisma/schema-engine-wasm';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

const FOLDER = path.resolve(import.meta.dirname, '../prisma/migrations');
const SCHEMA = path.resolve(import.meta.dirname, '../prisma/schema.prisma');
const SNAPSHOT = path.join(FOLDER, 'schema.prisma');
const NO_FILTER = { externalTables: [], externalEnums: [] };

/** The engine calls this on a panic; without it a panic shows as an unrelated TypeError. */
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => console.error(`schema engine: ${message}`) },
});

/** Comparing two schemas asks the database only this: does the schema "public" exist, and which version are you? */
const noDatabase: SqlMigrationAwareDriverAdapterFactory = {
  provider: 'postgres',
  adapterName: 'none',
  connect: async () => {
    const refuse = () => Promise.reject(new Error('comparing schemas needs no database'));
    return {
      provider: 'postgres',
      adapterName: 'none',
      queryRaw: async () => ({
        columnNames: ['exists', 'version', 'numeric_version'],
        columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
        rows: [[true, 'PostgreSQL 18', 180_000]],
      }),
      executeRaw: refuse,
      executeScript: refuse,
      startTransaction: refuse,
      getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
      dispose: async () => {},
    };
  },
  connectToShadowDb: () => Promise.reject(new Error('no shadow database')),
};

/** The adapter splits a script at each semicolon, also inside a function's body; Postgres itself takes it whole. */
class WholeScripts extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await adapter.underlyingDriver().query(script);
    };
    return adapter;
  }
}

async function openEngine(database: SqlMigrationAwareDriverAdapterFactory) {
  const js = engineModule as unknown as {
    __wbg_set_wasm(exports: unknown): void;
    SchemaEngine: typeof import('@prisma/schema-engine-wasm').SchemaEngine;
  };
  const file = path.join(
    path.dirname(import.meta.resolve('@prisma/schema-engine-wasm').slice(7)),
    'schema_engine_bg.wasm',
  );
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': engineModule as unknown as WebAssembly.ModuleImports,
  });
  js.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  const adapter = bindMigrationAwareSqlAdapterFactory(database);
  return js.SchemaEngine.new({ datamodels: [[SCHEMA, readFileSync(SCHEMA, 'utf8')]] }, () => {}, adapter);
}

function migrations(): MigrationList {
  const names = readdirSync(FOLDER, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? [e.name] : []));
  return {
    baseDir: FOLDER,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: names.sort().map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(path.join(FOLDER, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

const datamodel = (file: string): DiffTarget => ({
  tag: 'schemaDatamodel',
  files: [{ path: file, content: readFileSync(file, 'utf8') }],
});

/** SQL that leads from one schema to another; null when they are alike. Needs no database. */
async function difference(from: DiffTarget, to: DiffTarget): Promise<string | null> {
  const engine = await openEngine(noDatabase);
  const { exitCode, stdout } = await engine.diff({ from, to, script: true, exitCode: true, filters: NO_FILTER });
  return exitCode === 0 ? null : stdout;
}

async function write(name: string, sql: string) {
  const folder = path.join(FOLDER, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'migration.sql'), sql);
  await writeFile(SNAPSHOT, readFileSync(SCHEMA));
  console.log(`wrote prisma/migrations/${name}/migration.sql`);
}

const commands: Record<string, (argument?: string) => Promise<void>> = {
  async deploy() {
    const url = process.env.DATABASE_URL;
    if (!url) throw new Error('Set DATABASE_URL, such as postgresql://holdout:secret@127.0.0.1:5432/holdout');
    const engine = await openEngine(new WholeScripts({ connectionString: url, max: 2 }));
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrations(),
      filters: NO_FILTER,
    });
    for (const name of appliedMigrationNames) console.log(`applied ${name}`);
  },
  async diff(name) {
    if (!name || !/^[a-z0-9_]+$/.test(name)) throw new Error('Name the migration, such as: diff add_run_notes');
    const sql = await difference(datamodel(SNAPSHOT), datamodel(SCHEMA));
    if (sql === null) return console.log('nothing to do: the migrations lead to schema.prisma');
    await write(`${migrations().migrationDirectories.length + 1}_${name}`, sql);
  },
  async reinit() {
    await mkdir(FOLDER, { recursive: true });
    await write('1_init', (await difference({ tag: 'empty' }, datamodel(SCHEMA))) ?? '');
  },
  async check() {
    const sql = await difference(datamodel(SNAPSHOT), datamodel(SCHEMA));
    if (sql === null) return;
    throw new Error(`schema.prisma is ahead of its migrations; run: node scripts/migrate.ts reinit\n${sql}`);
  },
};

const command = commands[process.argv[2] ?? ''];
try {
  if (!command) throw new Error('Say one of: deploy, check, reinit, diff <name>');
  await command(process.argv[3]);
  // The adapter's idle timer would keep the process for ten seconds.
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
