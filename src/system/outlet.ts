import type { Log } from '../ports.ts';

/** What is written comes a line at a time. */
export interface CommandStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Where a run tells what it does and what came of it: a step of a workflow, or a terminal. */
export interface Outlet {
  readonly log: Log;
  /** Where the user's commands write. */
  readonly commands: CommandStreams;
  /** What the run before saved for the post step; empty when nothing was. */
  saved(name: string): string;
  save(name: string, value: string): void;
  output(name: string, value: string): void;
  /** The page of the run, as Markdown. */
  page(markdown: string): Promise<void>;
  /** Keeps a text as a file, and says where. */
  file(name: string, content: string): string;
  /** Of a run that ends well; a failure says it itself. */
  headline(sentence: string): void;
  /** Says why, and makes the run end red. */
  failed(text: string): void;
}
