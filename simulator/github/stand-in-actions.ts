import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Unmodelled } from './contract.ts';

interface StandInRequest {
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly repositoryRoot: string;
  /** Where artifacts of the run are kept. */
  readonly store: string;
  /** Folders by artifact name; uploads add to it. */
  readonly artifacts: Record<string, string>;
  /** Of the page of the run. */
  readonly address: string;
  readonly log: (line: string) => void;
}

type StandIn = (request: StandInRequest) => Record<string, string>;

/** What the simulator does in place of well-known actions. A stand-in returns the step's outputs, or throws. */
export const STAND_INS: Readonly<Record<string, StandIn>> = {
  'actions/checkout': checkout,
  'actions/setup-node': setupNode,
  'actions/upload-artifact': uploadArtifact,
  'actions/download-artifact': downloadArtifact,
};

const NOT_CHECKED_OUT = new Set(['node_modules', '.git']);

function checkout({ inputs, workspace, repositoryRoot, log }: StandInRequest): Record<string, string> {
  allow('actions/checkout', inputs, ['fetch-depth', 'persist-credentials', 'ref']);
  cpSync(repositoryRoot, workspace, {
    recursive: true,
    filter: (source) => source === repositoryRoot || !NOT_CHECKED_OUT.has(basename(source)),
  });
  log(`Copied the repository to ${workspace}`);
  return {};
}

function setupNode({ inputs, log }: StandInRequest): Record<string, string> {
  allow('actions/setup-node', inputs, ['node-version', 'node-version-file', 'cache']);
  log(`Node.js ${process.version} of the simulator is used`);
  return { 'node-version': process.version };
}

function uploadArtifact({ inputs, workspace, store, artifacts, address, log }: StandInRequest): Record<string, string> {
  allow('actions/upload-artifact', inputs, [
    'name',
    'path',
    'if-no-files-found',
    'overwrite',
    'retention-days',
    'compression-level',
    'archive',
  ]);
  const path = inputs.path ?? '';
  if (/[*?[\]!\n]/.test(path.trim())) throw new Unmodelled(`actions/upload-artifact with the pattern "${path}"`);
  const source = resolve(workspace, path.trim());
  if (!existsSync(source)) {
    if (inputs['if-no-files-found'] === 'error')
      throw new Error(`No files were found with the provided path: ${path}.`);
    log(`##[warning]No files were found with the provided path: ${path}. No artifacts will be uploaded.`);
    return {};
  }
  const isFolder = statSync(source).isDirectory();
  const isPlain = inputs.archive === 'false';
  if (isPlain && isFolder) throw new Error('When "archive" is "false", only a single file can be uploaded.');
  // Without an archive the name is that of the file, whatever was given.
  const name = isPlain ? basename(source) : inputs.name || 'artifact';
  if (artifacts[name] !== undefined && inputs.overwrite !== 'true') {
    throw new Error(`Failed to CreateArtifact: an artifact with the name "${name}" already exists on the workflow run`);
  }
  const folder = join(store, encodeURIComponent(name));
  mkdirSync(folder, { recursive: true });
  cpSync(source, isFolder ? folder : join(folder, basename(source)), { recursive: true });
  artifacts[name] = folder;
  log(`Artifact ${name} has been successfully uploaded`);
  const id = String(Object.keys(artifacts).length);
  return { 'artifact-id': id, 'artifact-url': `${address}/artifacts/${id}` };
}

function downloadArtifact({ inputs, workspace, artifacts, log }: StandInRequest): Record<string, string> {
  allow('actions/download-artifact', inputs, ['name', 'path']);
  const name = inputs.name ?? '';
  if (name === '') throw new Unmodelled('actions/download-artifact without a name');
  const folder = artifacts[name];
  if (folder === undefined) throw new Error(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  const target = resolve(workspace, inputs.path ?? '.');
  mkdirSync(target, { recursive: true });
  cpSync(folder, target, { recursive: true });
  log(`Artifact ${name} was downloaded to ${target}`);
  return { 'download-path': target };
}

function allow(action: string, inputs: Readonly<Record<string, string>>, known: readonly string[]): void {
  const unknown = Object.keys(inputs).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Unmodelled(`the input "${unknown}" of ${action}`);
}
