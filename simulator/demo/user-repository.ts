import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import type { Packages } from '../sample-app/packages.ts';

const PROJECT = join(import.meta.dirname, '../..');
const PACKAGES = join(PROJECT, 'build/sample-app');
const NODE = '"$DEMO_NODE" --disable-warning=ExperimentalWarning';

/** What the example workflow asks its reader to fill in, as the owner of the shop does. */
const FILLED_IN: Readonly<Record<string, string>> = {
  profile: 'custom',
  'readonly-settings': 'SHOP_READ_ONLY=true\n',
  'read-only-probes': 'POST /orders -> 503\n',
  'health-path': '/health',
  'smoke-paths': '/, /products/1, /orders',
  'schema-version-query': 'SELECT MAX(Version) FROM SchemaVersion',
  'migrate-command': 'npm run --silent migrate',
};

/** The values of one deployment that the example leaves to its reader. */
export interface Release {
  readonly package: keyof Packages;
  readonly mode: 'read-only' | 'read-write';
  /** The running build has no read-only switch: its owner trusts the database alone. */
  readonly forgetful: boolean;
  /** Every secret reaches the workflow that is called, as the example says where it tells of them. */
  readonly inheritsSecrets: boolean;
}

/**
 * Makes the repository of the shop's owner in `folder`: the example workflow with its lines filled in, the rollback
 * workflow, and the scripts that they run. `contentFile` gets the content of the database right before it is migrated.
 */
export async function makeUserRepository(folder: string, release: Release, contentFile: string): Promise<void> {
  const workflows = join(folder, '.github/workflows');
  await mkdir(workflows, { recursive: true });
  const rollback = await filledIn('example-rollback.yml', 'roll-back');
  if (release.inheritsSecrets) rollback.setIn(['jobs', 'roll-back', 'secrets'], 'inherit');
  await writeFile(join(workflows, 'rollback.yml'), String(rollback));
  await writeFile(join(workflows, 'deploy.yml'), await deployment(release));
  await copyFile(join(PACKAGES, `${release.package}.zip`), join(folder, 'built.zip'));
  const record = `${NODE} ${JSON.stringify(join(import.meta.dirname, 'record-content.ts'))} ${JSON.stringify(contentFile)}`;
  const migrate = `${NODE} ${JSON.stringify(join(PACKAGES, 'v2/migrate.js'))}`;
  const scripts = {
    package: 'mv built.zip package.zip',
    // Schema 1 stays as it is for a release that has no database change.
    migrate:
      release.package === 'v11' ? 'echo "This release changes nothing in the database."' : `${record} && ${migrate}`,
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'shop', private: true, scripts }, null, 2));
}

async function deployment(release: Release): Promise<string> {
  const example = await filledIn('example-deploy.yml', 'deploy');
  if (release.inheritsSecrets) example.setIn(['jobs', 'deploy', 'secrets'], 'inherit');
  if (release.mode === 'read-write' || release.forgetful) {
    example.deleteIn(['jobs', 'deploy', 'with', 'read-only-probes']);
  }
  // Visitors may write, the shop's own jobs may not.
  if (release.mode === 'read-write') example.setIn(['jobs', 'deploy', 'with', 'readonly-settings'], 'SHOP_JOBS=off\n');
  return String(example);
}

/** An example with its reader's own values for what its job passes on. Throws when it no longer has that place. */
async function filledIn(file: string, job: string): Promise<Document> {
  const example = parseDocument(await readFile(join(PROJECT, '.github/workflows', file), 'utf8'));
  const passedOn = Object.entries(FILLED_IN).filter(([name]) => example.hasIn(['jobs', job, 'with', name]));
  if (passedOn.length === 0) throw new Error(`${file} has nothing to fill in at jobs.${job}.with.`);
  for (const [name, value] of passedOn) example.setIn(['jobs', job, 'with', name], value);
  return example;
}
