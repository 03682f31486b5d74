import { describe, expect, test } from '@jest/globals';
import type { HttpRequest } from '../../src/ports.ts';
import { begin } from '../in-process/trial.ts';
import { deploy, open, type Parts, packageOf, partsOf, type Zoo } from '../in-process/zoo.ts';
import { beside, onPlan } from '../teams/team.ts';

/** Basic plans have no slots: with `plan-sku` the owner agrees that the plan is scaled up, once. */
const basic: Zoo = { arrange: (parts) => onPlan(parts, 'B1', 'Basic'), inputs: { 'plan-sku': 'S1' } };
const sizeOf = ({ world }: Pick<Parts, 'world'>) =>
  Object.values(world.web.plans).map(({ sku }) => `${sku.tier} ${sku.name}`);

/** Whatever asks to change the plan. */
function plans(zoo: Zoo): { readonly zoo: Zoo; readonly sent: string[] } {
  const sent: string[] = [];
  const around: Zoo['around'] = (ports) => ({
    ...ports,
    send: (request, signal) => {
      if (isScaling(request)) sent.push(request.url);
      return ports.send(request, signal);
    },
  });
  return { zoo: { ...zoo, around }, sent };
}

const isScaling = ({ method, url }: HttpRequest) => method === 'PUT' && /serverfarms\/plan\?/i.test(url);

test('the plan is scaled up once, before visitors are moved, and stays so', async () => {
  const { zoo, sent } = plans(basic);
  const seen: string[][] = [];
  const { ended, visitors, said, trial } = await deploy({
    ...zoo,
    before: { 'read-only': (parts) => void seen.push(sizeOf(parts)), switch: (parts) => void seen.push(sizeOf(parts)) },
  });
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(seen).toEqual([['Basic B1'], ['Standard S1']]);
  expect(sizeOf(trial)).toEqual(['Standard S1']);
  expect(sent).toHaveLength(1);
  expect(said).toMatch(/warning App Service plan: .*from B1 to S1.*costs more/);
  expect(said).toMatch(/Plan plan is scaled from B1 to S1: .*nothing scales it back/);
});

test('where the plan has room nothing is scaled', async () => {
  const { zoo, sent } = plans({ inputs: { 'plan-sku': 'P1V3' } });
  const { ended, trial } = await deploy(zoo);
  expect([ended, sizeOf(trial), sent]).toEqual(['deployed', ['Standard S1'], []]);
});

test('without the input a Basic plan is refused, and the message names it', async () => {
  const { ended, trial } = await deploy({ ...basic, inputs: {} });
  expect(ended).toMatch(/^refused by preflight: .*plan-sku: S1/s);
  expect(sizeOf(trial)).toEqual(['Basic B1']);
});

test('nothing goes on before production answers again', async () => {
  const { zoo } = plans({ ...basic, variants: ['scale-up-interrupts'] });
  const { ended, said } = await deploy(zoo);
  expect(ended).toBe('deployed');
  expect(said).toMatch(
    /Plan plan is S1 now: \d+ requests to production failed within \d+ s, while its instances were replaced/,
  );
});

test('other apps of the plan are named, and run afterwards', async () => {
  const { ended, said, trial } = await deploy({
    ...basic,
    arrange(parts) {
      onPlan(parts, 'B1', 'Basic');
      beside(parts, 'admin');
    },
    inputs: { ...basic.inputs, 'other-apps': `admin = ${packageOf({ next: { migratesOnStart: false } })}` },
  });
  expect(ended).toBe('deployed');
  expect(said).toMatch(/those of admin, for which visitors may wait/);
  expect(sizeOf(trial)).toEqual(['Standard S1']);
});

describe('when it goes wrong', () => {
  const inputs = { ...basic.inputs, package: packageOf(basic) };

  test('Azure refuses: nothing was changed, and it says why', async () => {
    const trial = open({
      ...basic,
      around: (ports) => ({
        ...ports,
        send: async (request, signal) => {
          if (!isScaling(request)) return ports.send(request, signal);
          const error = { Code: 'Conflict', Message: 'This region has no Standard workers for this plan.' };
          return { status: 409, headers: {}, body: new TextEncoder().encode(JSON.stringify(error)) };
        },
      }),
    });
    await trial.through(['clone', inputs]);
    const { failure } = await trial.run('read-only', inputs);
    expect(failure?.happened).toMatch(/Could not scale the App Service plan/);
    expect(failure?.azure?.message).toMatch(/no Standard workers/);
    expect([sizeOf(trial), Object.keys(partsOf(trial.world).site.slots)]).toEqual([['Basic B1'], ['production']]);
  });

  test('the answer is lost: what is the same when it is sent twice is sent again', async () => {
    let sent = 0;
    const { ended, trial } = await deploy({
      ...basic,
      around: (ports) => ({
        ...ports,
        send: async (request, signal) => {
          const answer = await ports.send(request, signal);
          if (isScaling(request) && ++sent === 1) throw new Error('the connection broke');
          return answer;
        },
      }),
    });
    expect([ended, sizeOf(trial), sent]).toEqual(['deployed', ['Standard S1'], 2]);
  });

  test('the run dies behind the request: the next one finds the plan scaled, and sends nothing', async () => {
    let [sent, isDead] = [0, false];
    const trial = open({
      ...basic,
      around: (ports) => ({
        ...ports,
        send: async (request, signal) => {
          if (isDead) throw new Error('the runner is dead');
          const answer = await ports.send(request, signal);
          if (isScaling(request)) {
            sent += 1;
            isDead = true;
          }
          return answer;
        },
      }),
    });
    await trial.through(['clone', inputs]);
    await trial.run('read-only', inputs);
    isDead = false;
    await trial.through(['read-only', inputs]);
    expect([sizeOf(trial), sent]).toEqual([['Standard S1'], 1]);
  });

  test('production does not come back: no slot is made, and it says what visitors have', async () => {
    const trial = open(basic);
    await trial.through(['clone', inputs]);
    const { production } = partsOf(trial.world);
    production.unavailableUntil = Number.POSITIVE_INFINITY;
    const { failure } = await trial.run('read-only', { ...inputs, 'health-timeout': '120' });
    expect(failure?.happened).toMatch(/Plan plan is S1 now, and production is not healthy 2 min/);
    expect(Object.keys(partsOf(trial.world).site.slots)).toEqual(['production']);
    production.unavailableUntil = 0;
    await trial.through(['read-only', inputs]);
  });
});

test('cleanup leaves the plan as it is, since slots need it', async () => {
  const trial = open(basic);
  const inputs = { ...basic.inputs, package: packageOf(basic) };
  await trial.through(['clone', inputs], ['read-only', inputs], ['cleanup', inputs]);
  expect(sizeOf(trial)).toEqual(['Standard S1']);
});

test('who may not scale the plan is told before', async () => {
  const trial = begin();
  onPlan(partsOf(trial.world), 'B1', 'Basic');
  for (const principal of Object.values(trial.world.principals))
    principal.roles = principal.roles.map((role) => ({ ...role, notActions: ['Microsoft.Web/serverfarms/write'] }));
  const said = async (inputs: Readonly<Record<string, string>>) =>
    JSON.stringify((await trial.run('preflight', inputs)).phases[0]?.checks);
  expect(await said({ 'plan-sku': 'S1' })).toContain('Microsoft.Web/serverfarms/write (read-only)');
  expect(await said({})).not.toContain('serverfarms/write');
});
