import { plain } from '../settings/plain.ts';
import { keptIn } from './kept-file.ts';
import type { Outlet } from './outlet.ts';

/** The parts of a process that a step of a pipeline writes to. */
interface Step {
  readonly stdout: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * A step of Azure DevOps: its agent masks, keeps outputs for later stages, and shows the page of the run beside its log. What was
 * opened for a run that is killed is closed by "cleanup": there is no post step.
 * https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 * @param folder where the page is put for the agent to fetch
 */
export function pipelineOutlet(step: Step, folder: string, isVerbose: boolean): Outlet {
  const masked = new Set<string>();
  const say = (text: string) => void step.stdout.write(`${text}\n`);
  const command = (name: string, text: string) => say(`##vso[${name}]${escaped(text)}`);
  const mask = (value: string) => {
    if (value.trim().length < SHORTEST || masked.has(value)) return;
    masked.add(value);
    command('task.setsecret', value);
  };
  return {
    log: {
      info: (sentence) => say(plain(sentence)),
      warning: (sentence) => command('task.logissue type=warning', plain(sentence)),
      debug: (sentence) => isVerbose && say(`##[debug]${plain(sentence)}`),
      async group(title, body) {
        say(`##[group]${plain(title)}`);
        try {
          return await body();
        } finally {
          say('##[endgroup]');
        }
      },
      secret(value) {
        for (const line of value.split(/\r\n|\r|\n/)) for (const form of [line, plain(line)]) mask(form);
      },
    },
    commands: process,
    saved: () => '',
    save: () => undefined,
    output: (name, value) =>
      command(`task.setvariable variable=${name};isOutput=true`, plain(value, Number.POSITIVE_INFINITY)),
    async page(markdown) {
      command('task.uploadsummary', keptIn(folder, `zdd-${process.pid}.md`, markdown));
    },
    file: (name, content) => keptIn(folder, name, content),
    headline: (sentence) => say(plain(sentence)),
    failed(text) {
      for (const line of text.split('\n')) if (line !== '') command('task.logissue type=error', plain(line));
      step.exitCode = 1;
    },
  };
}

/** A shorter value would blot out half of the log. */
const SHORTEST = 6;

/** What the agent would take for an end of the line, or for an escape. */
function escaped(text: string): string {
  return text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
