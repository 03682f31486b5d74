import { tmpdir } from 'node:os';
import * as core from '@actions/core';
import { plain } from '../settings/plain.ts';
import { keptIn } from './kept-file.ts';
import { workflowLog } from './log.ts';
import type { Outlet } from './outlet.ts';

/** A step of a workflow: GitHub keeps its state and outputs, and shows its page. */
export function workflowOutlet(): Outlet {
  return {
    log: workflowLog(),
    commands: process,
    saved: core.getState,
    save: core.saveState,
    output: (name, value) => core.setOutput(name, plain(value, Number.POSITIVE_INFINITY)),
    async page(markdown) {
      if (process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown).write();
    },
    file: (name, content) => keptIn(process.env.RUNNER_TEMP || tmpdir(), name, content),
    headline() {
      // It stands on the page.
    },
    failed: core.setFailed,
  };
}
