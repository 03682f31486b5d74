import * as core from '@actions/core';
import type { Log } from '../ports.ts';

/** The log of a workflow step: groups fold, warnings become annotations, secrets are masked by the runner. */
export const log: Log = {
  info: (sentence) => core.info(sentence),
  warning: (sentence) => core.warning(sentence),
  debug: (sentence) => core.debug(sentence),
  group: (title, body) => core.group(title, body),
  secret(value) {
    // The runner masks line by line; an empty line would mask everything.
    for (const line of value.split(/\r?\n/)) if (line.trim() !== '') core.setSecret(line);
  },
};
