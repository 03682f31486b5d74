import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listensOn, startChild } from './child.ts';
import { freePort } from './free-port.ts';
import type { Instances } from './front-door.ts';
import { commandOf } from './process-command.ts';
import type { Reaper } from './reaper.ts';
import { become, type Running, tell, until, type Wanted } from './running-process.ts';
import { unpacker } from './unpack.ts';
import { warmUp } from './warm-up.ts';

interface WantedWarmUp {
  readonly instanceId: string;
  readonly path: string;
  /** The answer that comes before the process is asked: of site authentication. */
  readonly status?: number;
}

export type Report =
  | { readonly kind: 'listening' }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'warmed'; readonly status: number };

interface ProcessesParts {
  /** Where contents are unpacked and logs written. */
  readonly directory: string;
  /** Added to the environment of every process; the model's own values come after. */
  readonly environment: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  wanted(): readonly Wanted[];
  warmUps(): readonly WantedWarmUp[];
  filesOf(contentId: string): Readonly<Record<string, Uint8Array>>;
  report(instanceId: string, report: Report): void;
  /** How long the start of an app takes at least, in real milliseconds. */
  leastStartMs(): number;
  /** How long a continuous WebJob that ended stays down, in real milliseconds. */
  readonly webJobPauseMs: number;
  /** Says what went wrong where nobody asked. */
  warn(sentence: string): void;
}

export interface Processes extends Instances {
  /** Compares what the model wants with what runs, and begins to close the difference. */
  reconcile(): void;
  list(): readonly {
    instanceId: string;
    name: string;
    kind: string;
    slot: string;
    state: string;
    port: number;
    inFlight: number;
  }[];
  /** Ends every process now. */
  stop(): Promise<void>;
}

/** How long requests may go on in an instance that is to stop, and then how long it has to stop by itself (real time). */
const DRAIN_MS = 30_000;
const GRACE_MS = 5_000;
const WARM_UP_AGAIN_MS = 100;

/** Keeps the operating system's processes as the model wants them. */
export function keepProcesses(parts: ProcessesParts): Processes {
  const running = new Map<string, Running>();
  const warming = new Set<string>();
  const unpack = unpacker(join(parts.directory, 'contents'), parts.filesOf);
  const logs = join(parts.directory, 'LogFiles');
  mkdirSync(logs, { recursive: true });
  let stopped = false;

  const reconcile = () => {
    if (stopped) return;
    const wanted = new Map(parts.wanted().map((each) => [each.instanceId, each]));
    for (const process of running.values()) {
      if (!wanted.has(process.wanted.instanceId) && process.state !== 'retiring') retire(process);
    }
    for (const each of wanted.values()) if (!running.has(each.instanceId)) begin(each);
    for (const each of parts.warmUps()) warm(each);
  };

  const begin = (wanted: Wanted) => {
    const process: Running = {
      wanted,
      state: 'starting',
      port: 0,
      child: undefined,
      inFlight: 0,
      retired: new AbortController(),
      watchers: new Set(),
    };
    running.set(wanted.instanceId, process);
    start(process).catch((error) => {
      parts.warn(
        `${wanted.kind} ${wanted.name} of slot ${wanted.slot} did not start: ${error instanceof Error ? error.message : error}`,
      );
      ended(process, 1);
    });
  };

  const start = async (process: Running) => {
    const { wanted } = process;
    const { command, cwd } = commandOf(wanted, await unpack(wanted.contentId));
    if (wanted.kind === 'app' && parts.leastStartMs() > 0) await pause(parts.leastStartMs());
    process.port = wanted.kind === 'app' ? await freePort() : 0;
    if (process.retired.signal.aborted) return forget(process);
    const child = startChild(command, {
      cwd,
      env: { ...parts.environment, ...(process.port > 0 ? { PORT: String(process.port) } : {}), ...wanted.environment },
      logFile: join(
        logs,
        `${wanted.site}-${wanted.slot}-${wanted.name}-${wanted.instanceId.replaceAll(/[^\w-]/g, '_')}.log`,
      ),
      reaper: parts.reaper,
    });
    process.child = child;
    void child.ended.then((code) => ended(process, code));
    if (process.port > 0 && (await listensOn(process.port, process.retired.signal)) && process.state === 'starting') {
      become(process, 'listening');
      parts.report(wanted.instanceId, { kind: 'listening' });
    }
  };

  const ended = (process: Running, code: number) => {
    const expected = process.state === 'retiring';
    process.retired.abort();
    become(process, expected ? 'retiring' : 'exited');
    if (expected) forget(process);
    else if (!stopped) parts.report(process.wanted.instanceId, { kind: 'exited', code });
    if (!expected && process.wanted.kind === 'webjob') setTimeout(() => again(process), parts.webJobPauseMs).unref();
  };

  /** Kudu starts a continuous WebJob again; of apps the model decides. */
  const again = (process: Running) => {
    if (process.state !== 'exited') return;
    forget(process);
    reconcile();
  };

  const retire = (process: Running) => {
    const alive = process.state !== 'exited';
    become(process, 'retiring');
    process.retired.abort();
    if (!alive) return forget(process);
    void end(process);
  };

  const end = async (process: Running) => {
    await until(process, () => process.inFlight === 0, AbortSignal.timeout(DRAIN_MS));
    const { child } = process;
    if (child === undefined) return; // `start` looks again before it spawns
    child.signal('SIGTERM');
    const grace = setTimeout(() => child.signal('SIGKILL'), GRACE_MS);
    await child.ended;
    clearTimeout(grace);
  };

  const forget = (process: Running) => void running.delete(process.wanted.instanceId);

  const warm = ({ instanceId, path, status: answered }: WantedWarmUp) => {
    const process = running.get(instanceId);
    if (process?.state !== 'listening' || warming.has(instanceId)) return;
    warming.add(instanceId);
    const host = process.wanted.environment.WEBSITE_HOSTNAME ?? 'localhost';
    const asked =
      answered === undefined
        ? warmUp({ port: process.port, host, path }, process.retired.signal)
        : Promise.resolve(answered);
    void asked
      .then(async (status) => {
        if (status !== undefined && !stopped) parts.report(instanceId, { kind: 'warmed', status });
        await pause(WARM_UP_AGAIN_MS);
      })
      .finally(() => {
        warming.delete(instanceId);
        reconcile();
      });
  };

  return {
    reconcile,
    async portOf(instanceId, deadline) {
      if (!running.has(instanceId)) reconcile(); // the route is newer than our last look
      const process = running.get(instanceId);
      if (process === undefined) return undefined;
      if (process.state === 'starting') await until(process, () => process.state !== 'starting', deadline());
      return process.state === 'listening' ? process.port : undefined;
    },
    enter(instanceId) {
      if (!running.has(instanceId)) reconcile();
      const process = running.get(instanceId);
      if (process === undefined) return () => {};
      process.inFlight++;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        process.inFlight--;
        if (process.state === 'retiring') tell(process);
      };
    },
    list: () =>
      [...running.values()].map(({ wanted: { instanceId, name, kind, slot }, state, port, inFlight }) => ({
        instanceId,
        name,
        kind,
        slot,
        state,
        port,
        inFlight,
      })),
    async stop() {
      stopped = true;
      const children = [...running.values()].map((process) => {
        process.state = 'retiring';
        process.retired.abort();
        tell(process);
        process.child?.signal('SIGKILL');
        return process.child?.ended;
      });
      await Promise.all(children);
    },
  };
}
