import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inputDefaults } from '../../src/inputs/declared.ts';

const DIST = join(import.meta.dirname, '../../dist/index.js');

export type Inputs = Readonly<Record<string, string>>;

/** The committed action as a process of its own, as the runner starts it. */
export interface Action {
  /** Resolves when its log says so; rejects when it ends without. */
  says(words: RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What the post step gets. */
  readonly state: Readonly<Record<string, string>>;
}

/** @param folder where this run's files are put, made here */
export function startAction(folder: string, inputs: Inputs, environment: Inputs): Action {
  mkdirSync(folder, { recursive: true });
  const file = (name: string) => join(folder, name);
  for (const name of ['output', 'state', 'summary']) writeFileSync(file(name), '');
  const child = spawn(process.execPath, [DIST], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      ...environment,
      ...Object.fromEntries(
        Object.entries({ ...inputDefaults, ...inputs }).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STATE: file('state'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_WORKSPACE: folder,
      RUNNER_TEMP: folder,
    },
  });
  const log = new Listener(child);
  const ended = log.ended.then(
    (code): Ended => ({
      code,
      log: log.text,
      outputs: commandFile(file('output')),
      summary: readFileSync(file('summary'), 'utf8'),
      state: commandFile(file('state')),
    }),
  );
  return { says: (words) => log.says(words), signal: (name) => void child.kill(name), ended };
}

class Listener {
  text = '';
  readonly ended: Promise<number | null>;
  readonly #waiting = new Set<() => void>();
  #isOver = false;

  constructor(child: ChildProcess) {
    const hear = (chunk: Buffer) => {
      this.text += chunk.toString();
      for (const look of [...this.#waiting]) look();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.ended = new Promise((resolve) => {
      child.once('close', (code) => {
        this.#isOver = true;
        for (const look of [...this.#waiting]) look();
        resolve(code);
      });
    });
  }

  says(words: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const isSaid = words.test(this.text);
        if (!isSaid && !this.#isOver) return;
        this.#waiting.delete(look);
        if (isSaid) resolve();
        else reject(new Error(`The action ended and never said ${words}. It said:\n${this.text}`));
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** What a step wrote by `name<<delimiter`. */
function commandFile(path: string): Record<string, string> {
  const written = readFileSync(path, 'utf8').matchAll(/^([^<\n]+)<<(\S+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...written].map(([, name = '', , value = '']) => [name, value]));
}
