import { describe, expect, test } from '@jest/globals';
import { buildFiles } from '../../simulator/model/app/build.ts';
import type { HttpRequest, HttpResponse } from '../../src/ports.ts';
import { begin, type Inputs, LIVE, production, type Stage, type Trial } from './trial.ts';

const UNAVAILABLE: HttpResponse = {
  status: 503,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode('{"error":{"code":"ServiceUnavailable","message":"The service is unavailable."}}'),
};

/** https://github.com/microsoft/azure-pipelines-tasks/issues/11384 */
const BUSY: HttpResponse = {
  ...UNAVAILABLE,
  status: 409,
  body: new TextEncoder().encode(
    '{"Code":"Conflict","Message":"Cannot modify this site because another operation is in progress. Details: Id: 7, OperationName: Update,"}',
  ),
};

const CONFLICT = 'meets another operation on the app';

type Go = () => Promise<HttpResponse>;

/** What happens once to a request that changes something. */
const HICCUPS = {
  'is answered 503': async () => UNAVAILABLE,
  [CONFLICT]: async () => BUSY,
  'is carried out, and the answer lost': async (go) => {
    await go();
    throw new Error('read ECONNRESET');
  },
} satisfies Readonly<Record<string, (go: Go) => Promise<HttpResponse>>>;

/** By method and place. A swap is left out: it is not sent twice, whatever is answered. */
function changeBy({ method, url }: HttpRequest): string | undefined {
  const { hostname, pathname } = new URL(url);
  if (method === 'GET' || /\/list$|\/slotsswap$/i.test(pathname)) return undefined;
  if (/\.scm\./.test(hostname)) return `${method} scm${pathname}`;
  return hostname.startsWith('management.')
    ? `${method} ${pathname.replace(/.*\/Microsoft\.(Web|Sql)\//, '')}`
    : undefined;
}

/** The same state once more, with something between the run and Azure. */
function meeting({ world, clock }: Trial, meet: (change: string | undefined, go: Go) => Promise<HttpResponse>): Trial {
  return begin(
    {},
    {
      world,
      clock,
      around: (ports) => ({
        ...ports,
        send: (request, signal) => meet(changeBy(request), () => ports.send(request, signal)),
      }),
    },
  );
}

const WEB_JOB = { 'App_Data/jobs/continuous/mailer/run.cmd': new TextEncoder().encode('run') };
const BOTH = { 'rollback-scope': 'code-and-database' };

const PHASES: readonly (readonly [string, readonly Stage[], Inputs])[] = [
  ['clone', [], {}],
  ['read-only', ['clone'], {}],
  ['switch', ['clone', 'read-only'], {}],
  ['deploy', ['clone', 'read-only', 'switch'], {}],
  ['complete', ['clone', 'read-only', 'switch', 'deploy', 'validate'], {}],
  ['rollback', ['clone', 'read-only', 'switch', 'deploy'], BOTH],
  ['cleanup', ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete'], {}],
  ['cleanup', ['clone', 'read-only', 'switch', 'deploy', ['rollback', BOTH], 'validate', 'complete'], {}],
];

describe.each(PHASES)('%s after %j', (phase, before, inputs) => {
  test('goes on when any one of its changes meets trouble of Azure’s own', async () => {
    const ready = begin({ files: { ...buildFiles(LIVE), ...WEB_JOB } });
    await ready.through(...before);
    const changes = new Set<string>();
    const calm = meeting(ready.copy(), (change, go) => {
      if (change !== undefined) changes.add(change);
      return go();
    });
    const failures = [(await calm.run(phase, inputs)).failure?.happened];
    for (const change of changes) {
      for (const [what, hiccup] of Object.entries(HICCUPS)) {
        if (what === CONFLICT && !/^\w+ sites\//.test(change)) continue;
        let left = 1;
        const trial = meeting(ready.copy(), (met, go) => (met === change && left-- > 0 ? hiccup(go) : go()));
        const { failure } = await trial.run(phase, inputs);
        if (failure) failures.push(`${change} ${what}: ${failure.happened}`);
        else expect([change, what, production(trial)]).toEqual([change, what, production(calm)]);
      }
    }
    expect(failures).toEqual([undefined]);
  });
});
