import { readFile } from 'node:fs/promises';
import type { WorkflowJob } from '@actions/workflow-parser/model/workflow-template';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { StartupFailure, Unmodelled } from './contract.ts';
import { readWorkflow } from './official-parser.ts';

type Fields = ReadonlyMap<string, TemplateToken>;

export interface Step {
  readonly id: string;
  /** The condition with the implicit `success() &&` where no status function is called. */
  readonly condition: string;
  readonly fields: Fields;
}

export interface Job {
  readonly id: string;
  readonly needs: readonly string[];
  readonly condition: string;
  readonly fields: Fields;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly path: string;
  readonly fields: Fields;
  readonly jobs: readonly Job[];
}

const WORKFLOW_FIELDS = ['name', 'run-name', 'on', 'env', 'permissions', 'defaults', 'concurrency', 'jobs'];
const JOB_FIELDS = [
  ...['name', 'needs', 'if', 'runs-on', 'permissions', 'environment', 'concurrency', 'outputs', 'env', 'defaults'],
  ...['steps', 'timeout-minutes', 'strategy', 'continue-on-error', 'uses', 'with', 'secrets'],
];
const STEP_FIELDS = [
  ...['id', 'if', 'name', 'uses', 'run', 'working-directory', 'shell', 'with', 'env', 'continue-on-error'],
  'timeout-minutes',
];

/**
 * Reads a workflow file with GitHub's own parser and schema.
 * @throws StartupFailure with every error the parser names, Unmodelled for keys that are not simulated.
 */
export async function parseWorkflowFile(file: string, path: string): Promise<Workflow> {
  const content = await readFile(file, 'utf8');
  const { root, jobs } = readWorkflow(path, content);
  const fields = fieldsOf(root, path, WORKFLOW_FIELDS);
  const jobTokens = fieldsOf(required(fields, 'jobs', path), path);
  return { path, fields, jobs: jobs.map((job) => jobOf(job, required(jobTokens, job.id.value, path), path)) };
}

/** The entries of a mapping, by key. Keys outside `known` stop the run. */
export function fieldsOf(token: TemplateToken, where: string, known?: readonly string[]): Fields {
  const fields = new Map<string, TemplateToken>();
  for (const { key, value } of token.assertMapping(where)) {
    const name = key.toString();
    if (known && !known.includes(name)) throw new Unmodelled(`the key "${name}" in ${where}`);
    fields.set(name, value);
  }
  return fields;
}

/** Text around the expression makes a condition true whatever the expression says; nobody means that. */
function refuseAlwaysTrue(condition: string, where: string): string {
  if (/^(success\(\) && \()?format\(/.test(condition)) {
    throw new StartupFailure(`the condition of ${where} is always true: there is text around its \${{ }}.`);
  }
  return condition;
}

function jobOf(job: WorkflowJob, token: TemplateToken, path: string): Job {
  const where = `job "${job.id.value}" of ${path}`;
  const fields = fieldsOf(token, where, JOB_FIELDS);
  const converted = job.type === 'job' ? job.steps : [];
  const tokens = [...(fields.get('steps')?.assertSequence(where) ?? [])];
  const steps = converted.map((step, index): Step => {
    const stepToken = tokens[index];
    if (stepToken === undefined || !('if' in step) || step.if === undefined) throw new Unmodelled(`a step of ${where}`);
    return {
      id: step.id,
      condition: refuseAlwaysTrue(step.if.expression, `step ${index + 1} of ${where}`),
      fields: fieldsOf(stepToken, `step ${index + 1} of ${where}`, STEP_FIELDS),
    };
  });
  return {
    id: job.id.value,
    needs: (job.needs ?? []).map((need) => need.value),
    condition: refuseAlwaysTrue(job.if.expression, where),
    fields,
    steps,
  };
}

function required(fields: Fields, key: string, where: string): TemplateToken {
  const token = fields.get(key);
  if (token === undefined) throw new StartupFailure(`${where} has no "${key}".`);
  return token;
}
