import { delimiter, dirname, join } from 'node:path';
import type { SimulatorOptions } from '../adapters/options.ts';
import type { Issuer, RunEvent } from '../github/contract.ts';
import { createIssuer, keySet } from '../github/id-token.ts';
import { runWorkflow } from '../github/workflow-run.ts';
import { askReviewer } from './ask-reviewer.ts';
import type { Narrator } from './narrator.ts';
import type { WorkflowStart } from './scenarios.ts';
import type { Shop } from './shop-azure.ts';
import { makeUserRepository } from './user-repository.ts';

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const REPOSITORY = 'contoso/shop';
/** The environments of the example workflow whose jobs sign in to Azure. */
const ENVIRONMENTS = ['zdd'];

/** What makes a workflow run and Azure trust one another: GitHub's signing key, and the federated credentials. */
export interface WorkflowKeys {
  readonly issuer: Issuer;
  readonly keySet: Awaited<ReturnType<typeof keySet>>;
  readonly federated: NonNullable<SimulatorOptions['federated']>;
}

export async function workflowKeys(): Promise<WorkflowKeys> {
  const issuer = createIssuer(GITHUB_ISSUER);
  const subjects = ENVIRONMENTS.map((name) => `environment:${name}`);
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
  readonly shop: Shop;
  /** Undefined where Azure does not trust the workflow's own token. */
  readonly keys: WorkflowKeys | undefined;
  /** For the files of this run. */
  readonly folder: string;
  readonly runId: number;
  readonly timeScale: number;
  /** The deployment that the run goes on with. */
  readonly deploymentId: string | undefined;
  /** Where the content of the database is recorded before it is changed. */
  readonly contentFile: string;
  readonly interactive: boolean;
  /** Folder of the action. */
  readonly action: string;
  readonly forgetful: boolean;
  readonly narrator: Narrator;
  readonly onEvent: (event: RunEvent) => void;
}

/** Runs the example of a deployment, or that of a rollback, in a repository as the shop's owner has it. */
export async function startWorkflow(
  request: StartRequest,
): Promise<{ readonly conclusion: string; readonly deploymentId: string | undefined }> {
  const { start, shop, keys, narrator } = request;
  const { deployer, caFile, authority, secrets = {} } = shop;
  const repository = join(request.folder, `repository-${request.runId}`);
  const release = {
    package: start.package ?? 'v2',
    mode: start.mode ?? 'read-only',
    forgetful: request.forgetful,
    inheritsSecrets: Object.keys(secrets).length > 0,
  } as const;
  await makeUserRepository(repository, release, request.contentFile);
  let deploymentId = request.deploymentId;
  let candidateUrl: string | undefined;
  const result = await runWorkflow({
    file: start.kind === 'rollback' ? '.github/workflows/rollback.yml' : '.github/workflows/deploy.yml',
    repositoryRoot: repository,
    actions: { 'org/zdd-action': request.action },
    event: { name: 'workflow_dispatch', repository: REPOSITORY },
    inputs: inputsOf(request),
    vars: {
      AZURE_CLIENT_ID: deployer ?? '',
      AZURE_TENANT_ID: shop.tenantId,
      AZURE_SUBSCRIPTION_ID: shop.subscriptionId,
      ZDD_RESOURCE_GROUP: shop.resourceGroup,
      ZDD_APP_NAME: shop.appName,
      ZDD_AZURE_ENVIRONMENT: shop.resourceManager,
    },
    secrets,
    runnerEnv: {
      PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
      ...(caFile !== undefined && { NODE_EXTRA_CA_CERTS: caFile }),
      ...(authority !== undefined && { AZURE_AUTHORITY_HOST: authority }),
      // Azure itself works at its own pace, and the action knows no other there.
      ...(request.timeScale !== 1 && { ZDD_CLOCK_RATE: String(request.timeScale) }),
      DEMO_NODE: process.execPath,
    },
    environments: {
      zdd: { branches: ['main'] },
      production: { reviewers: true, selfReview: false, branches: ['main'] },
    },
    ...(keys && { oidc: keys.issuer }),
    runId: request.runId,
    clockRate: request.timeScale,
    approve: async (environment, context) => {
      narrator.chapter(`The workflow waits: a person must approve the environment "${environment}".`);
      if (candidateUrl)
        narrator.tell(`The candidate can be looked at: ${candidateUrl} (its certificate is the simulator's own).`);
      const answer = request.interactive ? await askReviewer(environment, context.signal) : start.reviewer;
      narrator.tell(answer === 'approved' ? 'Approved.' : 'Rejected.');
      return answer;
    },
    onEvent(event) {
      deploymentId ??= event.outputs?.['deployment-id'];
      candidateUrl = event.outputs?.['validation-url'] ?? candidateUrl;
      request.onEvent(event);
    },
  });
  return { conclusion: result.conclusion, deploymentId };
}

function inputsOf({ start }: StartRequest): Record<string, string | boolean> {
  if (start.kind === 'rollback') return { 'rollback-scope': start.rollbackScope ?? 'code' };
  return {
    rehearsal: start.kind === 'rehearse',
    'roll-forward': start.joins === true,
    mode: start.mode ?? 'read-only',
    'accept-data-loss': start.mode === 'read-write',
    'rollback-on-failure': start.rollbackScope ?? 'nothing',
  };
}
