import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Stands in for GitHub's CLI: `gh api` and `gh variable set`, as far as scripts/set-up calls them, on a repository that is kept
 * in the file GH_STATE. What it does not know it refuses. `--jq` needs jq.
 */
export interface GitHubState {
  environments: Record<string, Environment>;
  variables: Record<string, string>;
  /** `main` unless it is another. */
  defaultBranch?: string;
  /** Every change, in its order. */
  changes: string[];
  /** Ends with an error at the change of this number, counted from 1. */
  failsAt?: number;
}

interface Environment {
  reviewers: readonly number[];
  preventsSelfReview: boolean;
  branchPolicy: Readonly<Record<string, boolean>> | null;
  branches: string[];
}

const USERS: Readonly<Record<string, number>> = { ada: 7, grace: 8 };
const REPOSITORY = 'repos/shop/web';
const LISTS = ['environments', 'variables', 'branch_policies'];
const file = process.env.GH_STATE ?? '';
const state = JSON.parse(readFileSync(file, 'utf8')) as GitHubState;

function fail(said: string): never {
  process.stderr.write(`gh: ${said}\n`);
  process.exit(1);
}

const [, , command, ...rest] = process.argv;
if (command === 'api') api(rest);
else if (command === 'variable' && rest[0] === 'set') setVariable(rest.slice(1));
else fail(`not modelled: ${process.argv.slice(2).join(' ')}`);

function api(given: readonly string[]): void {
  let method = 'GET';
  let path = '';
  let jq: string | undefined;
  const fields: [string, string][] = [];
  const isPaginated = given.includes('--paginate');
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? '';
    const next = () => given[++at] ?? fail(`${word} needs a value`);
    if (word === '--method') method = next();
    else if (word === '--jq') jq = next();
    else if (word === '-f' || word === '-F') fields.push(pair(next()));
    else if (word !== '--silent' && word !== '--paginate') path = word;
  }
  const [plain = '', query] = path.split('?');
  const answer = answerTo(method, plain, fields);
  if (given.includes('--silent')) return;
  for (const text of pagesOf(plain, answer, new URLSearchParams(query), isPaginated).map((page) =>
    JSON.stringify(page),
  ))
    process.stdout.write(jq === undefined ? text : execFileSync('jq', ['-r', jq], { input: text }));
}

/** A list comes in pages, of which only `--paginate` asks for more than the first. As many entries as GitHub gives unasked, and at the most. */
function pagesOf(path: string, answer: unknown, query: URLSearchParams, isPaginated: boolean): readonly unknown[] {
  const [usual, most] = path.endsWith('/variables') ? [10, 30] : [30, 100];
  const size = Math.min(Number(query.get('per_page') ?? usual), most);
  const lists = Object.entries(Object(answer)).filter(([name, value]) => LISTS.includes(name) && Array.isArray(value));
  const [name, all] = (lists[0] ?? []) as [string?, unknown[]?];
  if (name === undefined || all === undefined) return [answer];
  const pages = Array.from({ length: Math.max(1, Math.ceil(all.length / size)) }, (_, page) => ({
    [name]: all.slice(page * size, (page + 1) * size),
  }));
  return isPaginated ? pages : pages.slice(0, 1);
}

function answerTo(method: string, path: string, fields: readonly [string, string][]): unknown {
  const [, user] = /^users\/(\w+)$/.exec(path) ?? [];
  if (user !== undefined) return { id: USERS[user] ?? fail('Not Found (HTTP 404)') };
  if (path !== REPOSITORY && !path.startsWith(`${REPOSITORY}/`)) fail('Not Found (HTTP 404)');
  const [, given = '', policies] = /\/environments\/([\w.-]+)(\/deployment-branch-policies)?$/.exec(path) ?? [];
  // "Environment names are not case sensitive": https://docs.github.com/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments
  const name = Object.keys(state.environments).find((each) => each.toLowerCase() === given.toLowerCase()) ?? given;
  const what = `${method} ${path.slice(REPOSITORY.length)}`;
  if (what === 'GET ')
    return { name: 'web', id: 22, owner: { login: 'shop', id: 11 }, default_branch: state.defaultBranch ?? 'main' };
  if (what === 'GET /environments')
    return { environments: Object.keys(state.environments).map((each) => ({ name: each })) };
  if (what === 'GET /actions/variables')
    return { variables: Object.entries(state.variables).map(([each, value]) => ({ name: each, value })) };
  if (name === '') fail(`not modelled: ${what}`);
  if (method === 'PUT' && policies === undefined) return change(what, () => putEnvironment(name, fields));
  const environment = state.environments[name] ?? fail('Not Found (HTTP 404)');
  if (method === 'GET' && policies === undefined) return shown(name, environment);
  if (method === 'GET') return { branch_policies: environment.branches.map((each) => ({ name: each })) };
  if (method === 'POST' && policies !== undefined) {
    if (!environment.branchPolicy?.custom_branch_policies) fail('Not Found (HTTP 404)');
    return change(what, () => void environment.branches.push(Object.fromEntries(fields).name ?? ''));
  }
  return fail(`not modelled: ${what}`);
}

/** As GitHub does: all rules are replaced, only an absent one of the branches stays. */
function putEnvironment(name: string, fields: readonly [string, string][]): void {
  const valuesOf = (field: string) => fields.filter(([each]) => each === field).map(([, value]) => value);
  const policy = Object.fromEntries(
    fields.flatMap(([field, value]) => {
      const [, rule] = /^deployment_branch_policy\[(\w+)\]$/.exec(field) ?? [];
      return rule === undefined ? [] : [[rule, value === 'true']];
    }),
  );
  if (policy.protected_branches === policy.custom_branch_policies)
    fail('the branch policies cannot have the same value (HTTP 422)');
  state.environments[name] = {
    reviewers: valuesOf('reviewers[][id]').map(Number),
    preventsSelfReview: valuesOf('prevent_self_review')[0] === 'true',
    branchPolicy: policy,
    branches: state.environments[name]?.branches ?? [],
  };
}

function shown(name: string, { reviewers, preventsSelfReview, branchPolicy }: Environment): unknown {
  const review = {
    type: 'required_reviewers',
    prevent_self_review: preventsSelfReview,
    reviewers: reviewers.map((id) => ({ type: 'User', reviewer: { id } })),
  };
  return { name, protection_rules: reviewers.length > 0 ? [review] : [], deployment_branch_policy: branchPolicy };
}

function setVariable([name = '', ...more]: readonly string[]): void {
  const [repository, body] = [more[more.indexOf('--repo') + 1], more[more.indexOf('--body') + 1]];
  if (`repos/${repository}` !== REPOSITORY || body === undefined) fail(`not modelled: variable set ${more.join(' ')}`);
  change(`variable ${name}`, () => {
    state.variables[name] = body ?? '';
  });
}

function change(what: string, act: () => void): object {
  if (state.failsAt === state.changes.length + 1) fail('the connection was lost');
  act();
  state.changes.push(what);
  writeFileSync(file, JSON.stringify(state));
  return {};
}

function pair(field: string): [string, string] {
  const at = field.indexOf('=');
  return [field.slice(0, at), field.slice(at + 1)];
}
