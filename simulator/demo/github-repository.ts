import { copyFile, cp, mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Ready, SimulatorOptions } from '../adapters/options.ts';
import type { Issuer, RunEvent } from '../github/contract.ts';
import { createIssuer, keySet, runWorkflow } from '../github/workflow-run.ts';
import { askReviewer } from './ask-reviewer.ts';
import type { Narrator } from './narrator.ts';
import type { WorkflowStart } from './scenarios.ts';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const REPOSITORY = 'contoso/shop';
const PROJECT = join(import.meta.dirname, '../..');
const PACKAGES = join(PROJECT, 'build/sample-app');
/** The environments of the example workflow whose jobs sign in to Azure. */
const ENVIRONMENTS = ['production'];

/** What makes a workflow run and Azure trust one another: GitHub's signing key, and the federated credentials. */
export interface WorkflowKeys {
  readonly issuer: Issuer;
  readonly keySet: Awaited<ReturnType<typeof keySet>>;
  readonly federated: NonNullable<SimulatorOptions['federated']>;
}

export async function workflowKeys(): Promise<WorkflowKeys> {
  const issuer = createIssuer(GITHUB_ISSUER);
  const subjects = ['ref:refs/heads/main', ...ENVIRONMENTS.map((name) => `environment:${name}`)];
  return {
    issuer,
    keySet: await keySet(issuer),
    federated: subjects.map((subject) => ({
      issuer: GITHUB_ISSUER,
      subject: `repo:${REPOSITORY}:${subject}`,
      audience: 'api://AzureADTokenExchange',
    })),
  };
}

export interface StartRequest {
  readonly start: WorkflowStart;
  readonly ready: Ready;
  readonly keys: WorkflowKeys;
  /** For the files of this run. */
  readonly folder: string;
  readonly runId: number;
  readonly timeScale: number;
  /** The deployment that the run goes on with. */
  readonly deploymentId: string | undefined;
  /** Where the content of the database is recorded before it is changed. */
  readonly contentFile: string;
  readonly interactive: boolean;
  readonly narrator: Narrator;
  readonly onEvent: (event: RunEvent) => void;
}

/** Runs the example workflow in a repository as a user has it: the workflow, the package, the migration. */
export async function startWorkflow(
  request: StartRequest,
): Promise<{ readonly conclusion: string; readonly deploymentId: string | undefined }> {
  const { start, ready, keys, narrator } = request;
  const repository = await layOut(request);
  let deploymentId = request.deploymentId;
  const result = await runWorkflow({
    file: '.github/workflows/example.yml',
    repositoryRoot: repository,
    event: { name: 'workflow_dispatch', repository: REPOSITORY },
    inputs: inputsOf(request),
    vars: {
      AZURE_CLIENT_ID: ready.clientId,
      AZURE_TENANT_ID: ready.tenantId,
      AZURE_SUBSCRIPTION_ID: ready.subscriptionId,
    },
    runnerEnv: {
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      NODE_EXTRA_CA_CERTS: ready.caFile,
      AZURE_AUTHORITY_HOST: ready.authority,
      ZDD_CLOCK_RATE: String(request.timeScale),
    },
    environments: { production: { reviewers: true } },
    oidc: keys.issuer,
    runId: request.runId,
    clockRate: request.timeScale,
    approve: async (environment, context) => {
      narrator.chapter(`The workflow waits: a person must approve the environment "${environment}".`);
      const answer = request.interactive ? await askReviewer(environment, context.signal) : start.reviewer;
      narrator.tell(answer === 'approved' ? 'Approved.' : 'Rejected.');
      return answer;
    },
    onEvent(event) {
      deploymentId ??= event.outputs?.['deployment-id'];
      request.onEvent(event);
    },
  });
  return { conclusion: result.conclusion, deploymentId };
}

function inputsOf({ start, deploymentId }: StartRequest): Record<string, string> {
  return {
    ...(deploymentId === undefined ? {} : { 'deployment-id': deploymentId }),
    ...(start.mode === undefined ? {} : { mode: start.mode }),
    ...(start.rollbackScope === undefined ? {} : { 'rollback-scope': start.rollbackScope }),
  };
}

/** Puts together what the user's repository holds. */
async function layOut({ folder, runId, start }: StartRequest): Promise<string> {
  const repository = join(folder, `repository-${runId}`);
  await mkdir(join(repository, '.github'), { recursive: true });
  await cp(join(PROJECT, '.github/workflows'), join(repository, '.github/workflows'), { recursive: true });
  await cp(join(PROJECT, 'dist'), join(repository, 'dist'), { recursive: true });
  await copyFile(join(PROJECT, 'action.yml'), join(repository, 'action.yml'));
  await cp(join(PACKAGES, 'v2'), join(repository, 'migration'), { recursive: true });
  if (start.package) await copyFile(join(PACKAGES, `${start.package}.zip`), join(repository, 'shop.zip'));
  return repository;
}
