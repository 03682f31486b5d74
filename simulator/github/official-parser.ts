import { readFileSync } from 'node:fs';
import { convertJobs } from '@actions/workflow-parser/model/converter/jobs';
import type { WorkflowJob } from '@actions/workflow-parser/model/workflow-template';
import { JSONObjectReader } from '@actions/workflow-parser/templates/json-object-reader';
import { TemplateSchema } from '@actions/workflow-parser/templates/schema/index';
import { TemplateContext, TemplateValidationErrors } from '@actions/workflow-parser/templates/template-context';
import { readTemplate } from '@actions/workflow-parser/templates/template-reader';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { NoOperationTraceWriter } from '@actions/workflow-parser/templates/trace-writer';
import { YamlObjectReader } from '@actions/workflow-parser/workflows/yaml-object-reader';
import { StartupFailure } from './contract.ts';

/**
 * GitHub's own parser, its parts put together here: the package's front door imports its JSON schemas in a way
 * that Node refuses (no `with { type: 'json' }`).
 */
const SCHEMAS = {
  workflow: { file: 'workflow-v1.0.min.json', root: 'workflow-root-strict' },
  action: { file: 'action-v1.0.min.json', root: 'action-root-strict' },
};

/**
 * Reads and validates a workflow file.
 * @throws StartupFailure with all that is wrong with it.
 */
export function readWorkflow(path: string, content: string): { root: TemplateToken; jobs: WorkflowJob[] } {
  const { context, root } = read('workflow', path, content);
  const jobs = root.assertMapping(path).find('jobs');
  const converted = jobs === undefined ? [] : convertJobs(context, jobs);
  refuseErrors(context, path);
  return { root, jobs: converted };
}

/**
 * Reads and validates an action.yml.
 * @throws StartupFailure with all that is wrong with it.
 */
export function readAction(path: string, content: string): TemplateToken {
  return read('action', path, content).root;
}

function read(
  kind: keyof typeof SCHEMAS,
  path: string,
  content: string,
): { context: TemplateContext; root: TemplateToken } {
  const context = new TemplateContext(new TemplateValidationErrors(), schemaOf(kind), new NoOperationTraceWriter());
  const fileId = context.getFileId(path);
  const reader = new YamlObjectReader(fileId, content);
  for (const error of reader.errors) context.error(fileId, error.message, error.range);
  refuseErrors(context, path);
  const root = readTemplate(context, SCHEMAS[kind].root, reader, fileId);
  refuseErrors(context, path);
  if (root === undefined) throw new StartupFailure(`${path} is empty.`);
  return { context, root };
}

function refuseErrors(context: TemplateContext, path: string): void {
  const errors = context.errors.getErrors();
  if (errors.length > 0) {
    throw new StartupFailure(`${path} is not valid: ${errors.map((error) => error.message).join('; ')}`);
  }
}

const schemas = new Map<string, TemplateSchema>();

function schemaOf(kind: keyof typeof SCHEMAS): TemplateSchema {
  const { file } = SCHEMAS[kind];
  const known = schemas.get(file);
  if (known) return known;
  const location = new URL(file, import.meta.resolve('@actions/workflow-parser'));
  const schema = TemplateSchema.load(new JSONObjectReader(undefined, readFileSync(location, 'utf8')));
  schemas.set(file, schema);
  return schema;
}
