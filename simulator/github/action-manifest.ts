import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token';
import { Unmodelled } from './contract.ts';
import { readAction } from './official-parser.ts';
import { fieldsOf } from './parse.ts';

/** What the runner needs of an action.yml with `runs.using: node…`. */
export interface ActionManifest {
  readonly folder: string;
  readonly inputs: readonly ActionInput[];
  readonly main: string;
  readonly post: string | undefined;
  readonly postCondition: string;
}

interface ActionInput {
  readonly id: string;
  readonly default: TemplateToken | undefined;
  readonly deprecation: string | undefined;
}

/**
 * Reads action.yml with GitHub's own parser; undefined when the folder has none.
 * @throws Unmodelled for composite and container actions, for other Nodes than 24, and for `pre`.
 */
export function readActionManifest(folder: string, named: string): ActionManifest | undefined {
  const file = ['action.yml', 'action.yaml'].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const fields = fieldsOf(readAction(`${named}: action.yml`, readFileSync(file, 'utf8')), named);
  const runs = fields.get('runs');
  const run = runs === undefined ? new Map<string, TemplateToken>() : fieldsOf(runs, `${named}: runs`);
  const word = (key: string) => run.get(key)?.toString();
  if (word('using') !== 'node24') throw new Unmodelled(`the action ${named}: runs.using "${word('using')}"`);
  if (run.has('pre')) throw new Unmodelled(`the action ${named}: it has a "pre" step`);
  const inputs = fields.get('inputs');
  return {
    folder,
    inputs: inputs === undefined ? [] : [...fieldsOf(inputs, `${named}: inputs`)].map(inputOf),
    main: word('main') ?? '',
    post: word('post'),
    postCondition: word('post-if') ?? 'always()',
  };
}

function inputOf([id, definition]: readonly [string, TemplateToken]): ActionInput {
  const fields = fieldsOf(definition, `the input "${id}"`);
  return { id, default: fields.get('default'), deprecation: fields.get('deprecationMessage')?.toString() };
}
