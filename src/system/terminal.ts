import { tmpdir } from 'node:os';
import { plain } from '../settings/plain.ts';
import { keptIn } from './kept-file.ts';
import { blotted } from './masks.ts';
import type { Outlet } from './outlet.ts';

/** As GitHub masks: a shorter value would blot out half of what is said. */
const SHORTEST = 6;

/** The parts of a process that a run in a terminal writes to. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
}

/**
 * For people at a terminal: what happens goes to stderr with the time, outputs to stdout as `name=value`, and a run that
 * failed ends with 1. Nobody masks secrets here but we.
 * @param now the time of day, as words
 */
export function terminalOutlet(streams: Streams, now: () => string, isVerbose: boolean): Outlet {
  const secrets = new Set<string>();
  // Cut after that: half a secret would not be found.
  const clean = (text: string, longest?: number) =>
    plain(blotted(plain(text, Number.POSITIVE_INFINITY), secrets), longest);
  const say = (sign: string, sentence: string) => streams.stderr.write(`${now()} ${sign}${clean(sentence)}\n`);
  const commands = { write: (text: string) => streams.stderr.write(blotted(text, secrets)) };
  return {
    log: {
      info: (sentence) => say('', sentence),
      warning: (sentence) => say('WARNING: ', sentence),
      debug: (sentence) => isVerbose && say('debug: ', sentence),
      group(title, body) {
        say('== ', title);
        return body();
      },
      secret(value) {
        for (const line of value.split(/\r\n|\r|\n/))
          for (const form of [line, plain(line)]) if (form.trim().length >= SHORTEST) secrets.add(form);
      },
    },
    // What a migration prints may be rows of the database: it is no output of ours, and nobody else masks it.
    commands: { stdout: commands, stderr: commands },
    // There is no second process that would read it: what this one opens it closes itself.
    saved: () => '',
    save: () => undefined,
    output: (name, value) => void streams.stdout.write(`${name}=${clean(value, Number.POSITIVE_INFINITY)}\n`),
    async page() {
      // Markdown is for a page; the log has told it all.
    },
    file: (name, content) => keptIn(tmpdir(), name, content),
    headline: (sentence) => say('', sentence),
    failed(text) {
      for (const line of text.split('\n')) say('', line);
      streams.exitCode = 1;
    },
  };
}
