/** A deployment of a repository as GitHub lists it, with the statuses that it was given, the oldest first. */
interface Deployment {
  readonly id: number;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly statuses: Status[];
}

interface Status {
  readonly state: string;
  readonly log_url: string;
  readonly environment_url: string;
  readonly description: string;
}

export interface Deployments {
  readonly all: Deployment[];
}

const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'];

export function noDeployments(): Deployments {
  return { all: [] };
}

/**
 * https://docs.github.com/rest/deployments/deployments and …/statuses. Undefined for what is not modelled.
 * @param call such as `POST /deployments`
 */
export function deploymentsAnswer(
  { all }: Deployments,
  call: string,
  query: URLSearchParams,
  body: Readonly<Record<string, unknown>>,
): { readonly status: number; readonly body: unknown } | undefined {
  if (call === 'GET /deployments') {
    const [environment, task] = [query.get('environment'), query.get('task')];
    const found = all.filter(
      (each) => (environment ?? each.environment) === each.environment && (task ?? each.task) === each.task,
    );
    return { status: 200, body: found.toReversed().slice(0, Number(query.get('per_page') ?? 30)) };
  }
  if (call === 'POST /deployments') {
    const { ref, task = 'deploy', environment = 'production', required_contexts: contexts } = body;
    if (typeof ref !== 'string' || !/^[0-9a-f]{40}$/.test(ref)) return refusal(422, `No ref found for: ${String(ref)}`);
    // With checks to wait for it would be refused where one of them is red: none is asked for.
    if (!Array.isArray(contexts)) return refusal(409, 'Conflict: Commit status checks failed');
    const id = all.length + 1;
    all.push({ id, ref, task: String(task), environment: String(environment), statuses: [] });
    return { status: 201, body: all.at(-1) };
  }
  const [, verb, number] = /^(GET|POST) \/deployments\/(\d+)\/statuses$/.exec(call) ?? [];
  const deployment = all.find(({ id }) => id === Number(number));
  if (verb === undefined) return undefined;
  if (deployment === undefined) return refusal(404, 'Not Found');
  if (verb === 'GET') return { status: 200, body: deployment.statuses.toReversed() };
  const { state, log_url = '', environment_url = '', description = '' } = body;
  if (!STATES.includes(String(state))) return refusal(422, 'Validation Failed');
  if (String(description).length > 140) return refusal(422, 'description is too long (maximum is 140 characters)');
  deployment.statuses.push({
    state: String(state),
    log_url: String(log_url),
    environment_url: String(environment_url),
    description: String(description),
  });
  return { status: 201, body: deployment.statuses.at(-1) };
}

function refusal(status: number, message: string) {
  return { status, body: { message, status: String(status) } };
}
