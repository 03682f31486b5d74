import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunEvent, WorkflowOptions } from '../../../simulator/github/contract.ts';
import { runWorkflow } from '../../../simulator/github/workflow-run.ts';

/** Runs `workflow.yml` of a repository made of these files. */
export async function runHere(
  files: Readonly<Record<string, string>>,
  options: Partial<WorkflowOptions> = {},
): Promise<Awaited<ReturnType<typeof runWorkflow>> & { readonly log: string; readonly events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'zdd-run-'));
  const repositoryRoot = join(folder, 'repository');
  writeFiles(repositoryRoot, files);
  const onEvent = (event: RunEvent) => {
    events.push(event);
    options.onEvent?.(event);
  };
  const result = await runWorkflow({ file: 'workflow.yml', repositoryRoot, folder, ...options, onEvent }).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  const log = events.flatMap((event) => (event.kind === 'log' ? [event.text] : [])).join('\n');
  return { ...result, log, events };
}

/** Writes files by their names below a folder. */
function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}
