import type { OpenedRule } from '../../src/azure/sql-access.ts';
import { cancelled } from '../../src/errors.ts';
import { type Log, type Ports, type RunCommand, type SqlConnection, SqlError } from '../../src/ports.ts';
import { closeRules } from '../../src/post.ts';
import type { RunReport } from '../../src/summary/summary.ts';
import { modelPorts } from '../in-process/model-ports.ts';
import { armInProcess, runInProcess } from '../in-process/run-in-process.ts';
import type { VirtualClock } from '../in-process/virtual-clock.ts';
import type { World } from '../model/world.ts';
import { type Call, commandCall, httpCall, isVisit, loginCall, sqlCall } from './call.ts';

/** What a fault can do to the process that it meets. */
export interface RunningProcess {
  readonly world: World;
  readonly clock: VirtualClock;
  /** The machine is gone: nothing of the process goes on, its connections are noticed dead a while later. */
  die(): void;
  /** The runner cancels the job: SIGINT, after 7.5 s SIGTERM, after another 2.5 s the end. */
  cancel(): void;
  /** Ends the process at once, as the runner does at last. */
  end(): void;
}

/** Lies between the action and the model. `forward` brings the call to the model and its answer back. */
export interface Faults {
  meet<T>(call: Call, forward: () => Promise<T>, process: RunningProcess): Promise<T>;
}

export interface ProcessOptions {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly clientId: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly runId: string;
  readonly runAttempt: number;
  readonly faults: Faults;
  readonly run: RunCommand;
  /** Called before every call, whatever becomes of it. */
  readonly onSend?: (call: Call) => void;
  /** Called after every call that has reached the model. */
  readonly onStep: (call: Call) => void;
}

/** How a process of the action ended, with all that it said. */
export interface ProcessEnd {
  /** Undefined: it was killed. */
  readonly report: RunReport | undefined;
  /** The error that escaped `run`, which never should. */
  readonly escaped: unknown;
  readonly lines: readonly string[];
  /** What was masked in the log from then on. */
  readonly masked: ReadonlySet<string>;
  readonly calls: number;
  /** The post step can run: the machine is still there. */
  readonly hasPost: boolean;
  readonly rules: readonly OpenedRule[];
}

/** After so long Azure notices that the other end of a connection is gone. */
const NOTICED_MS = 20_000;
const MOST_CALLS = 20_000;
/** The runner's clock is wrong: only Azure's may decide about instants. */
const RUNNER_LAGS_MS = 180_000;

/** Runs the action once, as one process that may die. */
export async function actionProcess(options: ProcessOptions): Promise<ProcessEnd> {
  const { world, clock, clientId, inputs, runId, runAttempt } = options;
  const { log, lines, masked } = recordingLog();
  const rules: OpenedRule[] = [];
  const open = new Set<SqlConnection>();
  const controller = new AbortController();
  let calls = 0;
  let asked = 0;
  let alive = true;
  let hasPost = true;
  let tellEnd: () => void = () => undefined;
  const ended = new Promise<undefined>((resolve) => {
    tellEnd = () => resolve(undefined);
  });
  const end = () => {
    if (!alive) return;
    alive = false;
    void clock
      .sleep(hasPost ? 0 : NOTICED_MS)
      .then(() => Promise.all([...open].map((connection) => connection.close())));
    tellEnd();
  };
  const process: RunningProcess = {
    world,
    clock,
    end,
    die() {
      hasPost = false;
      end();
    },
    cancel() {
      controller.abort(cancelled('SIGINT'));
      void clock.sleep(10_000).then(end);
    },
  };

  /** Nothing of a dead process goes on, and nothing new is sent by it. */
  const living = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!alive) return never();
    try {
      const value = await work();
      return alive ? value : never();
    } catch (error) {
      if (alive) throw error;
      return never();
    }
  };
  const pass = <T>(make: (ordinal: number) => Call, forward: () => Promise<T>): Promise<T> =>
    living(() => {
      const call = make(++calls);
      // Production is asked once a second, for as long as it takes.
      if (!isVisit(call) && ++asked > MOST_CALLS)
        throw new Error(`The action has made ${MOST_CALLS} calls and does not end.`);
      options.onSend?.(call);
      const seen = async () => {
        const answer = await forward().finally(() => options.onStep(call));
        return answer;
      };
      return options.faults.meet(call, seen, process);
    });

  const around = (ports: Ports): Ports => ({
    ...ports,
    clock: { now: () => clock.now() - RUNNER_LAGS_MS, sleep: (ms, signal) => living(() => clock.sleep(ms, signal)) },
    send: (request, signal) =>
      pass(
        (ordinal) => httpCall(ordinal, request),
        () => ports.send(request, signal),
      ),
    run: (command, environment, signal) =>
      pass(
        (ordinal) => commandCall(ordinal, command),
        () => ports.run(command, environment, signal),
      ),
    sql: {
      async connect(target) {
        const inner = await pass(
          (ordinal) => loginCall(ordinal, target.database),
          async () => {
            const opened = await ports.sql.connect(target);
            // Of a process that died meanwhile nobody has it any more.
            if (!alive) void clock.sleep(NOTICED_MS).then(() => opened.close());
            return opened;
          },
        );
        open.add(inner);
        let broken = false;
        return {
          query: (statement, parameters) =>
            pass(
              (ordinal) => sqlCall(ordinal, target.database, statement),
              async () => {
                if (broken) throw new SqlError(0, 'The connection is closed.');
                return inner.query(statement, parameters);
              },
            ).catch(async (error: unknown) => {
              if (error instanceof SqlError && error.number === 0 && !broken) {
                broken = true;
                await inner.close();
              }
              throw error;
            }),
          close: () =>
            living(async () => {
              open.delete(inner);
              await inner.close();
            }),
        };
      },
    },
  });

  const run = runInProcess({
    world,
    clock,
    clientId,
    inputs,
    runId,
    runAttempt,
    log,
    signal: controller.signal,
    run: options.run,
    around,
    onOpening: (rule) => rules.push(rule),
  });
  let escaped: unknown;
  const report = await Promise.race([
    run.catch((error: unknown) => {
      escaped = error ?? new Error('an empty error');
      return undefined;
    }),
    ended,
  ]);
  if (report !== undefined || escaped !== undefined)
    await Promise.all([...open].map((connection) => connection.close()));
  alive = false;
  return { report, escaped, lines, masked, calls, hasPost, rules };
}

/** The post step: a process of its own, after the main one has ended in whatever way. */
export async function postStep(options: ProcessOptions, rules: readonly OpenedRule[]): Promise<readonly string[]> {
  const { log, lines } = recordingLog();
  const { world, clock, clientId, run } = options;
  const ports = modelPorts({ world, clock, clientId, run, log });
  const arm = await armInProcess(ports, clientId, new AbortController().signal);
  await closeRules(arm, log, rules);
  return lines;
}

function recordingLog(): { log: Log; lines: string[]; masked: Set<string> } {
  const lines: string[] = [];
  const masked = new Set<string>();
  const say = (sentence: string) => {
    let line = sentence;
    for (const secret of masked) line = line.replaceAll(secret, '***');
    lines.push(line);
  };
  const log: Log = {
    info: say,
    warning: (sentence) => say(`warning: ${sentence}`),
    debug: (sentence) => say(`debug: ${sentence}`),
    group(title, body) {
      say(title);
      return body();
    },
    secret: (value) => masked.add(value),
  };
  return { log, lines, masked };
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
