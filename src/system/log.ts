import * as core from '@actions/core';
import type { Log } from '../ports.ts';
import { plain } from '../settings/plain.ts';

/** Masking a shorter value would blot out half of the log, and GitHub drops outputs that contain a masked value. */
const SHORTEST = 6;

/**
 * The log of a workflow step: groups fold, warnings become annotations, secrets are masked by the runner, each once. Every
 * sentence is one line, and nothing in it is obeyed.
 */
export function workflowLog(): Log {
  const masked = new Set<string>();
  const mask = (value: string) => {
    if (value.trim().length < SHORTEST || masked.has(value)) return;
    masked.add(value);
    core.setSecret(value);
  };
  return {
    info: (sentence) => core.info(plain(sentence)),
    warning: (sentence) => core.warning(plain(sentence)),
    debug: (sentence) => core.debug(plain(sentence)),
    group: (title, body) => core.group(plain(title), body),
    secret(value) {
      // The runner masks line by line, and a sentence may hold the value as it was made plain.
      for (const line of value.split(/\r\n|\r|\n/)) for (const form of [line, plain(line)]) mask(form);
    },
  };
}
