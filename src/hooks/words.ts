import { traitsOf } from '../settings/phases.ts';
import { age } from '../summary/ago.ts';
import type { Message } from './message.ts';

/** What a message says to people: one line, and what else they need; without marks of any markup. */
export function wordsOf(message: Message): { readonly title: string; readonly lines: readonly string[] } {
  const { app, phase, headline, failure } = message;
  switch (message.event) {
    case 'before':
      return { title: `${app}: phase ${phase} begins.`, lines: phase ? [meaning(phase)] : [] };
    case 'after':
      return { title: `${app}: phase ${phase} is done${took(message)}.`, lines: known(headline) };
    case 'failure':
      return {
        title: phase === undefined ? `${app}: a run failed.` : `${app}: phase ${phase} failed${took(message)}.`,
        lines: [
          ...known(headline),
          ...(failure ? [`What happened: ${failure.happened}`, `What to do next: ${failure.next}`] : []),
        ],
      };
    case 'window-opened':
      return {
        title: `${app}: the read-only window is open.`,
        lines: [
          message.mode === 'read-write'
            ? 'What visitors and editors write from now on is lost. Please wait until it is over.'
            : 'Visitors and editors can read, and not write. Please wait with changes until it is over.',
        ],
      };
    case 'window-closed':
      return {
        title: `${app}: the read-only window is over.`,
        lines: [`Visitors and editors can write again${lasted(message)}.`],
      };
  }
}

function meaning(phase: NonNullable<Message['phase']>): string {
  const { meaning: words } = traitsOf[phase];
  return `It ${words}`;
}

function took({ seconds }: Message): string {
  return seconds === undefined ? '' : ` after ${seconds < 60 ? `${seconds} s` : age(seconds * 1000)}`;
}

function lasted({ readOnlySeconds }: Message): string {
  return readOnlySeconds === undefined ? '' : `; it was open for ${age(readOnlySeconds * 1000)}`;
}

function known(line: string | undefined): readonly string[] {
  return line === undefined ? [] : [line];
}
