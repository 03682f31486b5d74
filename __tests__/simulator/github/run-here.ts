import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type RunEvent, runWorkflow, type WorkflowOptions } from '../../../simulator/github/workflow-run.ts';

/** A repository in a temporary folder, from file names and contents. */
export function repositoryOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'zdd-repository-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

/** Runs `workflow.yml` of a repository made of these files. */
export async function runHere(
  files: Readonly<Record<string, string>>,
  options: Partial<WorkflowOptions> = {},
): Promise<Awaited<ReturnType<typeof runWorkflow>> & { readonly log: string; readonly events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const repositoryRoot = repositoryOf(files);
  const onEvent = (event: RunEvent) => {
    events.push(event);
    options.onEvent?.(event);
  };
  const result = await runWorkflow({ file: 'workflow.yml', repositoryRoot, ...options, onEvent });
  const log = events.flatMap((event) => (event.kind === 'log' ? [event.text] : [])).join('\n');
  return { ...result, log, events };
}
