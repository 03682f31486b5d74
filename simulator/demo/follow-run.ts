import type { RunEvent } from '../github/contract.ts';
import type { Narrator } from './narrator.ts';
import { PHASE_WORDS, phasesIn } from './phase-words.ts';
import type { PhaseRun, StepPage } from './run-record.ts';

const ONLY_LOOK = new Set(['preflight', 'validate', 'status']);

/** Makes the story of a workflow run out of its events: what each phase is about, and how it ended. */
export function followRun(narrator: Narrator, verbose: boolean) {
  const phases: PhaseRun[] = [];
  const begun = new Map<string, number>();
  const pages: StepPage[] = [];

  const stepEnded = (event: RunEvent, names: readonly string[]): void => {
    const key = `${event.job}/${event.step}`;
    const from = begun.get(key);
    if (from === undefined) return;
    begun.delete(key);
    const succeeded = event.outcome === 'success';
    const changed = event.outputs?.changed === 'true';
    const name = names.join(',');
    phases.push({ name, from, until: event.at, changed, succeeded });
    const took = `${((event.at - from) / 1000).toFixed(1)} s`;
    if (!succeeded) narrator.tell(`${name} stopped after ${took}: ${event.outcome}.`);
    else if (changed || names.every((each) => ONLY_LOOK.has(each))) narrator.tell(`${name} is done in ${took}.`);
    else narrator.tell(`${name} is done in ${took}, and found nothing to change.`);
  };

  const tellLog = (text: string): void => {
    const error = /^##\[error\](.*)$/s.exec(text)?.[1];
    if (error === undefined) {
      if (verbose && text !== '') narrator.aside(text);
    } else if (!error.startsWith('Process completed')) narrator.tell(error);
  };

  const onEvent = (event: RunEvent): void => {
    const names = event.step === undefined || event.step.startsWith('Post ') ? [] : phasesIn(event.step);
    switch (event.kind) {
      case 'step-start':
        if (names.length === 0) return;
        begun.set(`${event.job}/${event.step}`, event.at);
        narrator.chapter(names.map((name) => `${name}: ${PHASE_WORDS[name]}`).join('\n'));
        return;
      case 'step-end':
        if (names.length > 0) stepEnded(event, names);
        else if (event.outcome === 'failure') narrator.tell(`The step "${event.step}" failed.`);
        return;
      case 'log':
        tellLog(event.text ?? '');
        return;
      case 'summary':
        if (event.text) pages.push({ title: `${event.job}: ${event.step}`, markdown: event.text });
        return;
      case 'job-end':
        if (event.outcome === 'failure' && event.text) narrator.tell(event.text);
        return;
      default:
    }
  };

  return { onEvent, phases, pages };
}
