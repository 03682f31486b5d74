import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { type Build, buildFiles } from '../../simulator/model/app/build.ts';
import { EPOCH, type WorldOptions } from '../../simulator/model/create-world.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import type { World } from '../../simulator/model/world.ts';
import { type Call, callText } from '../../src/phases/call.ts';
import type { HttpRequest, Ports } from '../../src/ports.ts';
import { summaryOf } from '../../src/summary/summary.ts';
import { begin, type Inputs, LIVE, packageOf, type Stage } from './trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'zdd-announced-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ADMIN: Build = { ...LIVE, name: 'admin', version: '7' };
const ADMIN_ZIP = join(folder, 'admin.zip');
writeFileSync(ADMIN_ZIP, zipSync(buildFiles({ ...ADMIN, version: '8', schema: '2' }), { mtime: '2020-01-01' }));

/** What is announced with a condition that is met here. */
const COMES_TRUE = /^(the firewall refuses it|there is time: |.* has such a policy$|it is READ_ONLY then, )/;

interface Scenario {
  readonly options?: WorldOptions;
  /** Through a private endpoint a dry run sees the databases, too: it opens no firewall. */
  readonly from?: string;
  readonly arrange?: (world: World) => void;
  /** Of every phase. */
  readonly inputs?: Inputs;
  readonly phases: readonly Stage[];
}

const USUAL: readonly Stage[] = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'];
const WINDOW = USUAL.slice(0, 4);
const END = USUAL.slice(4);
const DATABASE: Stage = ['rollback', { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' }];
const SAME: Inputs = { package: packageOf('same-schema') };

test.each<[string, Scenario]>([
  ['one app, one database', { phases: ['preflight', ...USUAL] }],
  ['a rehearsal', { phases: ['clone', 'read-only', 'cleanup'] }],
  ['probes of both kinds', { inputs: PROBES(), phases: USUAL }],
  ['commands and a restore begun beforehand', { inputs: COMMANDS(), phases: [...WINDOW, DATABASE, ...END] }],
  ['two databases', { options: { databases: ['shop', 'catalog'] }, phases: [...WINDOW, DATABASE, 'deploy', ...END] }],
  ['two servers', { options: { furtherServers: [{ name: 'identity', databases: ['shop'] }] }, phases: [...USUAL] }],
  [
    'a rollback on two servers',
    { options: { furtherServers: [{ name: 'identity', databases: ['shop'] }] }, phases: [...WINDOW, DATABASE, ...END] },
  ],
  ['several apps', { ...SEVERAL(), phases: USUAL }],
  [
    'a rollback of several apps after complete',
    { ...SEVERAL(), phases: [...WINDOW, 'validate', 'complete', DATABASE, ...END] },
  ],
  [
    'mode read-write',
    {
      inputs: { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'SHOP_BACKGROUND=off' },
      phases: USUAL,
    },
  ],
  ['a rollback of the code', { from: '10.0.0.4', inputs: SAME, phases: [...WINDOW, 'rollback', ...END] }],
  ['a rollback at once, seen', { from: '10.0.0.4', phases: [...WINDOW.slice(0, 3), 'rollback', 'cleanup'] }],
  ['a rollback at once', { phases: ['clone', 'read-only', 'switch', 'rollback', 'cleanup'] }],
  [
    'a rollback after complete, seen',
    { from: '10.0.0.4', phases: [...WINDOW, 'validate', 'complete', DATABASE, ...END] },
  ],
  ['a rollback after complete', { phases: [...WINDOW, 'validate', 'complete', DATABASE, ...END] }],
])(
  '%s: what a dry run announces is what Azure receives',
  async (_what, { options, from, arrange, inputs = {}, phases }) => {
    const received: string[] = [];
    // The first by its name has the record.
    const first = `/servers/${[...(options?.furtherServers ?? []).map(({ name }) => name), 'sql'].sort()[0]}`;
    const around = (ports: Ports) => listening(ports, received, first);
    const trial = begin(options, { around, run: async () => ({ exitCode: 0 }), ...(from ? { from } : {}) });
    arrange?.(trial.world);
    const of = (stage: Stage): [string, Inputs] => {
      const [phase, own] = typeof stage === 'string' ? [stage, {}] : stage;
      return [phase, { 'deployment-id': '20260901-abcde', ...inputs, ...own }];
    };
    const wrong: string[] = [];
    for (const stage of phases) {
      const [phase, given] = of(stage);
      const dry = await trial.run(phase, { ...given, 'dry-run': 'true' });
      expect(dry.failure).toBeUndefined();
      const calls = dry.phases[0]?.calls ?? [];
      expect(received).toEqual([]);
      await trial.through([phase, given]);
      const sent = [...new Set(received.splice(0))];
      wrong.push(
        ...sent.filter((one) => !calls.some((call) => fits(call, one))).map((one) => `${phase}: not announced: ${one}`),
      );
      wrong.push(
        ...calls
          .filter((call) => call.onlyIf === undefined && !sent.some((one) => fits(call, one)))
          .map((call) => `${phase}: not received: ${callText(call)}`),
      );
      const maybe = (one: string) => calls.filter((call) => fits(call, one)).map(({ onlyIf }) => onlyIf);
      wrong.push(
        ...sent
          .filter(
            (one) => maybe(one).length > 0 && !maybe(one).some((why) => why === undefined || COMES_TRUE.test(why)),
          )
          .map((one) => `${phase}: announced for another case only: ${one}`),
      );
      if (calls.length > 0) expect(summaryOf(dry)).toContain(String(calls[0]?.call));
    }
    expect(wrong).toEqual([]);
  },
);

function SEVERAL(): Pick<Scenario, 'arrange' | 'inputs'> {
  return {
    arrange(world) {
      addNeighbour(world, { name: 'admin', build: ADMIN }, EPOCH);
      addNeighbour(world, { name: 'search', build: { name: 'search', version: '5' } }, EPOCH);
    },
    inputs: { 'other-apps': `admin = ${ADMIN_ZIP}\nsearch = read-only` },
  };
}

function PROBES(): Inputs {
  return { 'write-probes': 'POST /?id=probe -> 201', 'read-only-probes': 'POST /?id=refused -> 503' };
}

function COMMANDS(): Inputs {
  return { 'migrate-command': './migrate', 'after-start-command': './warm', 'prepare-rollback': 'true' };
}

/** Everything that changes something, or tries to, as a dry run calls it. */
function listening(ports: Ports, received: string[], first: string): Ports {
  return {
    ...ports,
    send(request, signal) {
      if (changes(request)) received.push(nameOf(request, first));
      return ports.send(request, signal);
    },
    sql: {
      async connect(target) {
        const connection = await ports.sql.connect(target);
        const server = `/servers/${target.host.split('.')[0]}`;
        const at = server === first ? '' : `${server.slice('/servers/'.length)}/`;
        return {
          ...connection,
          query(statement, parameters) {
            if (!/^SELECT\b/i.test(statement)) received.push(statementName(statement, at, target.database, parameters));
            return connection.query(statement, parameters);
          },
        };
      },
    },
  };
}

function changes({ method, url }: HttpRequest): boolean {
  return method !== 'GET' && method !== 'HEAD' && !/\/list\?/.test(url);
}

/** The first app and the first server go without saying. */
function nameOf({ method, url }: HttpRequest, first: string): string {
  const { host, pathname, search } = new URL(url);
  const path = decodeURIComponent(pathname);
  if (host === 'management.azure.com') {
    const at = path
      .replace(/^.*?\/providers\/Microsoft\.(Web|Sql)\//, '/')
      .replace(/^\/sites\/web(?=\/|$)/, '')
      .replace(/^\/servers\/[^/]+(?=\/databases)/, (server) => (server === first ? '' : server));
    return `${method} …${at}`;
  }
  const [, app = '', slot = ''] = /^(web|admin|search)-(.+)\.scm\./.exec(host) ?? [];
  if (app !== '') return `${method} ${path} of slot ${app === 'web' ? '' : `${app}/`}${slot}`;
  return `${method} ${path}${search} at ${host}`;
}

function statementName(statement: string, server: string, name: string, parameters: object = {}): string {
  const database = `${server}${name}`;
  const [, altered, state] = /^ALTER DATABASE \[(.+)\] SET (READ_\w+)/.exec(statement) ?? [];
  if (altered !== undefined) return `ALTER DATABASE ${server}${altered} SET ${state}`;
  if (/sp_getapplock/.test(statement)) return `sp_getapplock ${Object.values(parameters)[0]} in ${database}`;
  if (/zdd_write_proof/.test(statement)) return `CREATE TABLE zdd_write_proof in ${database}`;
  return `${statement} in ${database}`;
}

function fits({ call }: Call, one: string): boolean {
  const escaped = call.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/<[^>]+>/g, '[^/]+');
  return new RegExp(`^${escaped}$`).test(one);
}
