import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { type Json, StartupFailure } from './contract.ts';
import { asText, evaluate } from './expressions.ts';
import { fieldsOf, type Workflow } from './parse.ts';

type Values = Readonly<Record<string, Json>>;

/**
 * The `inputs` context of a run started by `workflow_dispatch`; of other events it is empty.
 * @throws StartupFailure as the API refuses: unknown, missing or impossible inputs.
 */
export function dispatchInputs(workflow: Workflow, given: Values): Record<string, Json> {
  return readInputs(workflow, 'workflow_dispatch', given, {});
}

/**
 * The `inputs` context of a called workflow.
 * @throws StartupFailure for unknown, missing or wrongly typed inputs.
 */
export function callInputs(workflow: Workflow, given: Values, contexts: Values): Record<string, Json> {
  return readInputs(workflow, 'workflow_call', given, contexts);
}

/** The configuration of one event in the workflow's `on`; undefined when it does not react to it. */
export function eventConfiguration(workflow: Workflow, event: string): TemplateToken | null | undefined {
  const on = workflow.fields.get('on');
  if (on === undefined) return undefined;
  const whole = evaluate(on, { contexts: {} });
  if (typeof whole === 'string') return whole === event ? null : undefined;
  if (Array.isArray(whole)) return whole.includes(event) ? null : undefined;
  return fieldsOf(on, 'on').get(event);
}

/** The mapping of definitions under `on.<event>.<key>`, evaluated; empty when there is none. */
export function definitions(
  workflow: Workflow,
  event: string,
  key: string,
  contexts: Values = {},
): Record<string, Record<string, Json>> {
  const configuration = eventConfiguration(workflow, event);
  const whole = configuration ? evaluate(configuration, { contexts }) : null;
  const found = isRecord(whole) ? whole[key] : undefined;
  if (!isRecord(found)) return {};
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, isRecord(value) ? value : {}]));
}

function readInputs(workflow: Workflow, event: string, given: Values, contexts: Values): Record<string, Json> {
  const fromText = event === 'workflow_dispatch';
  const defined = definitions(workflow, event, 'inputs', contexts);
  const unknown = Object.keys(given).filter((name) => !(name in defined));
  if (unknown.length > 0) {
    throw new StartupFailure(
      `Unexpected inputs provided to ${workflow.path}: ${unknown.join(', ')}; it has: ${Object.keys(defined).join(', ')}.`,
    );
  }
  return Object.fromEntries(
    Object.entries(defined).map(([name, definition]) => {
      const value = given[name] ?? definition.default;
      if (
        definition.required === true &&
        given[name] === undefined &&
        (event === 'workflow_call' || value === undefined)
      ) {
        throw new StartupFailure(`Required input "${name}" of ${workflow.path} was not provided.`);
      }
      return [name, typed(name, definition, value, fromText)];
    }),
  );
}

function typed(name: string, definition: Record<string, Json>, value: Json | undefined, fromText: boolean): Json {
  const refuse = (allowed: string): never => {
    throw new StartupFailure(`Input "${name}" is "${asText(value ?? null)}"; allowed is ${allowed}.`);
  };
  switch (definition.type) {
    case 'boolean':
      if (value === undefined || value === null) return false;
      if (typeof value === 'boolean') return value;
      return fromText && (value === 'true' || value === 'false') ? value === 'true' : refuse('a boolean');
    case 'number':
      if (value === undefined || value === null) return 0;
      if (typeof value === 'number') return value;
      return fromText && Number.isFinite(Number(value)) ? Number(value) : refuse('a number');
    case 'choice': {
      const options = Array.isArray(definition.options) ? definition.options : [];
      const chosen = value ?? options[0] ?? '';
      return options.includes(chosen) ? chosen : refuse(options.map(asText).join(', '));
    }
    default:
      return value === undefined || value === null ? '' : asText(value);
  }
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
