import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startSimulator } from '../simulator/adapters/simulator.ts';
import { routeChangeOf } from '../simulator/bench/azure-work.ts';
import { RECORDED } from '../simulator/bench/durations.ts';
import { AZ_MS, measureScript } from '../simulator/bench/script.ts';
import { askedOf } from '../simulator/bench/traffic.ts';
import { DURATIONS } from '../simulator/model/create-world.ts';
import type { ModelRequest } from '../simulator/model/world.ts';
import { buildPackages } from '../simulator/sample-app/packages.ts';
import { azureCli } from './azure-cli/cli.ts';
import { proxyToThisMachine } from './azure-cli/proxy.ts';

/**
 * Runs `bench/az-script.sh` against the simulator, in real time and by the bench's durations: `npm run az-script`, some ten minutes. Needs
 * `az` and `curl`. It says how long visitors could only read, what the script asked, and what `simulator/bench/script.ts` computes of both.
 */
const calls: ModelRequest[] = [];
const simulator = await startSimulator({ hosts: 'names', observe: (request) => calls.push(request) });
const proxy = await proxyToThisMachine();
const directory = mkdtempSync(join(tmpdir(), 'az-script-'));
try {
  const { v1, v11 } = await buildPackages();
  mkdirSync(join(directory, 'azure'));
  mkdirSync(join(directory, 'bin'));
  writeFileSync(join(directory, 'live.zip'), v1);
  writeFileSync(join(directory, 'new.zip'), v11);
  const sqlcmd = join(directory, 'bin/sqlcmd');
  writeFileSync(sqlcmd, `#!/bin/sh\nexec "${process.execPath}" "${resolve('scripts/azure-cli/sqlcmd.ts')}" "$@"\n`);
  chmodSync(sqlcmd, 0o755);
  // Each call in a line of its own: how many milliseconds, and what.
  const timed = join(directory, 'calls');
  const az = join(directory, 'bin/az');
  writeFileSync(
    az,
    `#!/bin/sh
began=$(date +%s%N); PATH=\${PATH#*:} az "$@"; code=$?
echo "$((($(date +%s%N) - began) / 1000000)) $*" >>"${timed}"
exit $code
`,
  );
  chmodSync(az, 0o755);
  const { ready } = simulator;
  simulator.change((world) => Object.assign(world.durations, RECORDED));
  const cli = await azureCli(ready, directory, proxy.url);
  await cli.signInAs(ready.operatorId, ready.operatorSecret);
  const connection = `Server=tcp:${ready.sqlHost},${ready.sqlPort};Database={database};User ID=${ready.sqlUser};Password=${ready.sqlPassword};Encrypt=True;TrustServerCertificate=True`;
  calls.length = 0;
  const began = performance.now();
  const moved = routeChanges();
  const code = await bash({
    ...cli.environment,
    PATH: `${join(directory, 'bin')}:${process.env.PATH ?? ''}`,
    CURL_CA_BUNDLE: ready.caFile,
    GROUP: ready.resourceGroup,
    APP: ready.appName,
    SERVER: ready.sqlServer,
    DATABASE: ready.database,
    LIVE_PACKAGE: join(directory, 'live.zip'),
    NEW_PACKAGE: join(directory, 'new.zip'),
    CONNECTION_NAME: 'Shop',
    CONNECTION: connection,
    READONLY_SETTING: 'SHOP_READ_ONLY=true',
    HEALTH_PATH: '/health',
    RUNNER_IP: '127.0.0.1',
    SQLCMDUSER: ready.sqlUser,
    SQLCMDPASSWORD: ready.sqlPassword,
    SQL_PORT: String(ready.sqlPort),
  });
  tell({ code, seconds: (performance.now() - began) / 1000, moved: moved.stop(), timed: readFileSync(timed, 'utf8') });
  if (simulator.unmodelled.length > 0) throw new Error(`Not modelled:\n${simulator.unmodelled.join('\n')}`);
  process.exitCode = code ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
  proxy.close();
  await simulator.stop();
}

/** The instants at which production's route changed, in seconds. */
function routeChanges(): { stop(): readonly number[] } {
  const seen = new Set<number>();
  const timer = setInterval(() => {
    const at = simulator.read((world) => routeChangeOf(world, simulator.ready.appName));
    if (at !== undefined) seen.add(at / 1000);
  }, 500);
  return {
    stop() {
      clearInterval(timer);
      return [...seen];
    },
  };
}

/** What was measured, and what is computed of it; a call of the CLI takes as long as it took on this machine. */
function tell(run: { code: number | null; seconds: number; moved: readonly number[]; timed: string }): void {
  const [opened = Number.NaN, closed = Number.NaN] = run.moved;
  const took = run.timed.split('\n').flatMap((line) => {
    const [ms, what = ''] = line.split(/ (.*)/);
    // What waits for nothing but an answer.
    return /^webapp (show|stop|start|webjob)/.test(what) ? [Number(ms)] : [];
  });
  const azMs = took.toSorted((one, other) => one - other)[Math.floor(took.length / 2)] ?? AZ_MS;
  const polled = Map.groupBy(
    calls.filter((call) => askedOf(call) === 'polls'),
    ({ url }) => new URL(url).pathname,
  );
  const asked = (kind: string) => calls.filter((call) => askedOf(call) === kind).length;
  // Real processes start as fast as they can.
  const computed = measureScript({ ...DURATIONS, ...RECORDED, appStart: 0 }, azMs);
  const lines = [
    `ended with ${run.code}`,
    `window ${(closed - opened).toFixed(1)} s, computed ${computed.windowSeconds.toFixed(1)} s and the start of the app`,
    `all ${run.seconds.toFixed(1)} s, computed ${computed.seconds.toFixed(1)} s`,
    `asked Azure Resource Manager for a state ${asked('reads') + asked('polls')} times (${asked('reads')} first looks, ${asked('polls')} polls), computed ${computed.stateCalls}; wrote ${asked('writes')} times; asked SCM ${asked('scm')} times`,
    `polls of each operation that was polled: ${[...polled.values()].map((each) => each.length).join(', ')}`,
    `a call of the CLI that waits for nothing: ${azMs} ms, the table says ${AZ_MS}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function bash(env: NodeJS.ProcessEnv): Promise<number | null> {
  const child = spawn('bash', [resolve('bench/az-script.sh')], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
}
