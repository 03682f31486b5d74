import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { zipSync } from 'fflate';

/** The shop's releases as zip packages, each complete: `node server.js` runs it with nothing installed. */
export interface Packages {
  readonly v1: Uint8Array;
  /** New looks on the schema of version 1. */
  readonly v11: Uint8Array;
  readonly v2: Uint8Array;
  /** Version 2 that fails at its start. */
  readonly brokenV2: Uint8Array;
  /** Version 2 that starts, says that it is healthy, and fails at `/orders`. */
  readonly wrongV2: Uint8Array;
}

interface Release {
  readonly serve: string;
  readonly version: string;
  readonly schema: number;
}

const RELEASES: Readonly<Record<keyof Packages, Release>> = {
  v1: { serve: 'serve-1.ts', version: '1.0.0', schema: 1 },
  v11: { serve: 'serve-1.1.ts', version: '1.1.0', schema: 1 },
  v2: { serve: 'serve-2.ts', version: '2.0.0', schema: 2 },
  brokenV2: { serve: 'serve-2-broken.ts', version: '2.0.0', schema: 2 },
  wrongV2: { serve: 'serve-2-wrong.ts', version: '2.0.0', schema: 2 },
};

const SOURCE = import.meta.dirname;
const REPOSITORY = join(SOURCE, '../..');
/** Equal sources give equal bytes: zip entries carry this date, in local time as zip files do. */
const FIXED_DATE = new Date(2026, 0, 1);

/**
 * Builds the packages, or takes those of an earlier build of the same sources from `build/sample-app/`. There they lie
 * as files (`v1.zip` …); beside them, unpacked, is what a workflow runs of version 2: `v2/migrate.js`.
 */
export async function buildPackages(directory = join(REPOSITORY, 'build/sample-app')): Promise<Packages> {
  const fingerprint = await sourceFingerprint();
  const known = await readFile(join(directory, 'fingerprint'), 'utf8').catch(() => '');
  if (known !== fingerprint) await buildAll(directory, fingerprint);
  const [v1, v11, v2, brokenV2, wrongV2] = await Promise.all(
    (['v1', 'v11', 'v2', 'brokenV2', 'wrongV2'] as const).map((name) => readFile(join(directory, `${name}.zip`))),
  );
  if (!v1 || !v11 || !v2 || !brokenV2 || !wrongV2) throw new Error('Not every package was built.');
  return { v1, v11, v2, brokenV2, wrongV2 };
}

async function buildAll(directory: string, fingerprint: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const driver = await bundleDriver();
  for (const [name, release] of Object.entries(RELEASES)) {
    const files = await filesOf(release, driver);
    await writeFile(join(directory, `${name}.zip`), zipSync(files, { mtime: FIXED_DATE, level: 6 }));
    if (name === 'v2') await writeFiles(join(directory, name), files);
  }
  await writeFile(join(directory, 'fingerprint'), fingerprint);
}

/** The database driver as one file. Its sign-in with Entra is left out: the shop signs in with a password. */
async function bundleDriver(): Promise<Uint8Array> {
  const withoutEntra: Plugin = {
    name: 'without-entra',
    setup(builder) {
      builder.onResolve({ filter: /^@azure\// }, ({ path }) => ({ path, namespace: 'left-out' }));
      builder.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
  const result = await build({
    stdin: { contents: "export { Connection, Request, TYPES } from 'tedious';", resolveDir: REPOSITORY },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    plugins: [withoutEntra],
    write: false,
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error('The database driver was not bundled.');
  return file.contents;
}

/** The files of one release: its programs in readable JavaScript, and the driver in `node_modules`. */
async function filesOf(release: Release, driver: Uint8Array): Promise<Record<string, Uint8Array>> {
  const result = await build({
    entryPoints: [
      { in: join(SOURCE, 'editions', release.serve), out: 'server' },
      { in: join(SOURCE, 'webjob/run.ts'), out: 'App_Data/jobs/continuous/stock/run' },
      ...(release.schema > 1 ? [{ in: join(SOURCE, 'editions/migrate-2.ts'), out: 'migrate' }] : []),
    ],
    outdir: '/',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['tedious'],
    write: false,
  });
  const { version, schema } = release;
  const files: Record<string, Uint8Array> = {
    'package.json': json({
      name: 'shop',
      version,
      private: true,
      type: 'module',
      scripts: { start: 'node server.js' },
    }),
    // What the simulator needs to know of the shop where it answers in the shop's place.
    'build.json': json({
      name: 'shop',
      version,
      schema: String(schema),
      starts: release.serve !== 'serve-2-broken.ts',
      readOnlySwitch: { setting: 'SHOP_READ_ONLY', value: 'true' },
    }),
    'node_modules/tedious/package.json': json({ name: 'tedious', version: '19.0.0', main: 'index.js' }),
    'node_modules/tedious/index.js': driver,
  };
  for (const file of result.outputFiles) files[file.path.replace(/^[\\/]|^[A-Z]:[\\/]/, '')] = file.contents;
  return files;
}

async function writeFiles(directory: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
}

/** A hash over everything that the packages are made of: our sources and the driver's version. */
async function sourceFingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of (await readdir(SOURCE, { recursive: true })).sort()) {
    if (entry.endsWith('.ts')) hash.update(entry).update(await readFile(join(SOURCE, entry)));
  }
  hash.update(await readFile(join(REPOSITORY, 'node_modules/tedious/package.json')));
  return hash.digest('hex');
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
