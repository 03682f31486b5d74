import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Approval, type Environment, type Issuer, type Permissions, Unmodelled } from './contract.ts';
import { type Deployments, deploymentsAnswer, noDeployments } from './deployments.ts';
import { createIssuer, discovery, type JobIdentity, keySet, signIdToken } from './id-token.ts';
import { mayRead, mayWrite } from './permissions.ts';

/** What a job may show to GitHub's services. */
export interface JobCredentials {
  readonly token: string;
  /** Only with `id-token: write`. */
  readonly idToken: { readonly url: string; readonly token: string } | undefined;
}

/** The part of github.com that a job talks to while it runs. */
export interface Service {
  readonly url: string;
  readonly issuer: Issuer;
  /** Comments that jobs wrote on issues. */
  readonly comments: Comment[];
  /** Deployments that jobs recorded. */
  readonly deployments: Deployments;
  admit(identity: JobIdentity, permissions: Permissions): JobCredentials;
  /** A job's credentials end with it. */
  dismiss(credentials: JobCredentials): void;
  close(): Promise<void>;
}

interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly user: { readonly login: string; readonly type: string };
  body: string;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Session {
  readonly identity: JobIdentity;
  readonly permissions: Permissions;
  readonly idToken: string;
}

/** Whose the token of a job is. */
const BOT = { login: 'github-actions[bot]', type: 'Bot' };

const FORBIDDEN: Answer = { status: 403, body: { message: 'Resource not accessible by integration' } };

/** Starts it on a free port of this machine. `approvals` and `unmodelled` are read and written while it runs. */
export async function startService(options: {
  readonly issuer?: Issuer | undefined;
  readonly now: () => number;
  readonly approvals: readonly Approval[];
  /** Those of the repository, by name; without any they are not told. */
  readonly environments?: Readonly<Record<string, Environment>> | undefined;
  readonly protectedBranches?: readonly string[];
  readonly unmodelled: (error: Unmodelled) => void;
}): Promise<Service> {
  const sessions = new Map<string, Session>();
  const comments: Comment[] = [];
  const deployments = noDeployments();
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', service.url);
    if (pathname === '/.well-known/openid-configuration') return { status: 200, body: discovery(service.issuer) };
    if (pathname === '/.well-known/jwks') return { status: 200, body: await keySet(service.issuer) };
    const presented = /^(?:bearer|token) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (pathname === '/_id-token') {
      const session = [...sessions.values()].find((one) => one.idToken === presented);
      if (session === undefined) return { status: 401, body: { message: 'Invalid token' } };
      const audience =
        searchParams.get('audience') ?? `https://github.com/${session.identity.repository.split('/')[0]}`;
      const value = await signIdToken(service.issuer, session.identity, audience, options.now());
      return { status: 200, body: { count: value.length, value } };
    }
    const session = sessions.get(presented);
    if (session === undefined) return { status: 401, body: { message: 'Bad credentials', status: '401' } };
    return restAnswer(`${request.method} ${request.url}`, session, await bodyOf(request), options, {
      comments,
      deployments,
    });
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown): Answer => {
        if (error instanceof Unmodelled) options.unmodelled(error);
        return { status: 501, body: { message: String(error) } };
      })
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
        response.end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service: Service = {
    url,
    issuer: options.issuer ?? createIssuer(url),
    comments,
    deployments,
    admit(identity, permissions) {
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      const idToken = randomBytes(24).toString('hex');
      const may = mayWrite(permissions, 'id-token');
      sessions.set(token, { identity, permissions, idToken: may ? idToken : '' });
      return { token, idToken: may ? { url: `${url}/_id-token?api-version=2.0`, token: idToken } : undefined };
    },
    dismiss: ({ token }) => {
      sessions.delete(token);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

/** The REST API as far as a deployment asks it: approvals of the run, environments, and comments on an issue. */
function restAnswer(
  call: string,
  { identity, permissions }: Session,
  body: Record<string, unknown>,
  {
    approvals,
    environments,
    protectedBranches = [],
  }: Pick<Parameters<typeof startService>[0], 'approvals' | 'environments' | 'protectedBranches'>,
  { comments, deployments }: Pick<Service, 'comments' | 'deployments'>,
): Answer {
  const [verb, address = ''] = call.split(' ');
  const { pathname: path, searchParams: query } = new URL(address, 'https://api.github.com');
  const own = `/repos/${identity.repository}`;
  if (verb === 'GET' && path === `${own}/actions/runs/${identity.runId}/approvals`) {
    if (!mayRead(permissions, 'actions')) return FORBIDDEN;
    return {
      status: 200,
      body: approvals.map(({ environment, state }) => ({
        state,
        comment: '',
        environments: [{ id: 1, name: environment }],
        user: { login: 'reviewer' },
      })),
    };
  }
  if (verb === 'GET' && path === `${own}/environments`) {
    if (!mayRead(permissions, 'actions')) return FORBIDDEN;
    return environments === undefined
      ? { status: 404, body: { message: 'Not Found', status: '404' } }
      : { status: 200, body: environmentList(environments, query) };
  }
  const ruled = new RegExp(`^${own}/environments/([^/]+)/deployment_protection_rules$`).exec(path)?.[1];
  if (verb === 'GET' && ruled !== undefined) {
    if (!mayRead(permissions, 'actions')) return FORBIDDEN;
    // One that a job names is made by it.
    const rules = environments?.[decodeURIComponent(ruled)]?.customRule
      ? [{ id: 1, enabled: true, app: { id: 1, slug: 'change-control' } }]
      : [];
    return { status: 200, body: { total_count: rules.length, custom_deployment_protection_rules: rules } };
  }
  const policed = new RegExp(`^${own}/environments/([^/]+)/deployment-branch-policies$`).exec(path)?.[1];
  if (verb === 'GET' && policed !== undefined) {
    if (!mayRead(permissions, 'actions')) return FORBIDDEN;
    const { branches } = environments?.[decodeURIComponent(policed)] ?? {};
    if (!Array.isArray(branches)) return { status: 404, body: { message: 'Not Found', status: '404' } };
    const policies = branches.map((name, index) => ({ id: index + 1, name, type: 'branch' }));
    return { status: 200, body: { total_count: policies.length, branch_policies: policies } };
  }
  // The query is not looked at: nobody asks for others than the protected ones.
  if (verb === 'GET' && path === `${own}/branches`) {
    if (!mayRead(permissions, 'contents')) return FORBIDDEN;
    return { status: 200, body: protectedBranches.map((name) => ({ name, protected: true })) };
  }
  if (path.startsWith(`${own}/deployments`)) {
    const isRead = verb === 'GET';
    if (!(isRead ? mayRead : mayWrite)(permissions, 'deployments')) return FORBIDDEN;
    const answer = deploymentsAnswer(deployments, `${verb} ${path.slice(own.length)}`, query, body);
    if (answer !== undefined) return answer;
  }
  const issue = new RegExp(`^${own}/issues/(\\d+)/comments$`).exec(path)?.[1];
  if (issue !== undefined && verb === 'GET') {
    if (!mayRead(permissions, 'issues') && !mayRead(permissions, 'pull-requests')) return FORBIDDEN;
    const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
    const all = comments.filter((comment) => comment.issue === Number(issue));
    return { status: 200, body: all.slice((page - 1) * size, page * size) };
  }
  const comment = new RegExp(`^${own}/issues/comments/(\\d+)$`).exec(path)?.[1];
  if ((issue !== undefined && verb === 'POST') || (comment !== undefined && verb === 'PATCH')) {
    if (!mayWrite(permissions, 'issues') && !mayWrite(permissions, 'pull-requests')) return FORBIDDEN;
    if (issue !== undefined) {
      const added = { id: comments.length + 1, issue: Number(issue), user: BOT, body: String(body.body) };
      comments.push(added);
      return { status: 201, body: added };
    }
    const found = comments.find((one) => one.id === Number(comment));
    if (found === undefined) return { status: 404, body: { message: 'Not Found' } };
    found.body = String(body.body);
    return { status: 200, body: found };
  }
  throw new Unmodelled(`the GitHub API call ${call}`);
}

/** https://docs.github.com/rest/deployments/environments#list-environments */
function environmentList(environments: Readonly<Record<string, Environment>>, query: URLSearchParams): unknown {
  const all = Object.entries(environments).map(([name, environment], index) => {
    const { reviewers, selfReview = true, branches } = environment;
    const review = { type: 'required_reviewers', prevent_self_review: !selfReview, reviewers: [] };
    const byName = branches !== 'protected';
    return {
      id: index + 1,
      name,
      protection_rules: reviewers ? [{ id: index + 1, ...review }] : [],
      deployment_branch_policy:
        branches === undefined ? null : { protected_branches: !byName, custom_branch_policies: byName },
    };
  });
  const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
  return { total_count: all.length, environments: all.slice((page - 1) * size, page * size) };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
