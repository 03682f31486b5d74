import { beforeAll, describe, expect, test } from '@jest/globals';
import { MOST_OF_WINDOW, overBudget } from '../../simulator/bench/budget.ts';
import { type DeploymentMeasure, measureDeployment } from '../../simulator/bench/deployment.ts';
import { ratio } from '../../simulator/bench/report.ts';
import type { Traffic } from '../../simulator/bench/traffic.ts';
import type { Ports } from '../../src/ports.ts';
import { usualWay } from '../../src/settings/phases.ts';

let calm: DeploymentMeasure;

beforeAll(async () => {
  calm = await measureDeployment({ databases: 1, phases: usualWay });
});

test('no phase is faster than what Azure needs for it', () => {
  expect(calm.phases.map(({ phase }) => phase)).toEqual(usualWay);
  for (const { phase, tookMs, boundMs } of calm.phases) {
    expect([phase, boundMs <= tookMs]).toEqual([phase, true]);
  }
  expect(calm.window?.boundMs).toBeLessThanOrEqual(calm.window?.tookMs ?? 0);
});

test('the budget is kept', () => {
  expect(overBudget({ deployments: [calm], rollback: undefined, startUp: undefined })).toEqual([]);
});

test('one more database asks for little, and nothing takes longer for it', async () => {
  const more = await measureDeployment({ databases: 5, phases: usualWay });
  expect(overBudget({ deployments: [calm, more], rollback: undefined, startUp: undefined })).toEqual([]);
  expect(more.window).toEqual(calm.window);
});

test('what Azure did is in the lower bounds', () => {
  const bound = Object.fromEntries(calm.phases.map(({ phase, boundMs }) => [phase, boundMs]));
  expect(bound.clone).toBeGreaterThan(80_000);
  expect(bound.switch).toBeGreaterThan(60_000);
  expect(bound.complete).toBeGreaterThan(300_000);
});

test('equal runs measure the same', async () => {
  const again = await measureDeployment({ databases: 1, phases: usualWay });
  expect(again.window).toEqual(calm.window);
  expect(again.phases.map(({ tookMs }) => tookMs)).toEqual(calm.phases.map(({ tookMs }) => tookMs));
});

describe('planted slowness', () => {
  test('longer pauses of the action show in the ratio of the window and of its phases', async () => {
    const slow = await measureDeployment({ databases: 1, phases: usualWay, around: pausing });
    expect(windowRatio(slow)).toBeGreaterThan(windowRatio(calm) + 0.2);
    expect(ratioOf(slow, 'deploy')).toBeGreaterThan(ratioOf(calm, 'deploy') + 0.2);
    expect(overBudget({ deployments: [slow], rollback: undefined, startUp: undefined })).toContain(
      `The window of 1 takes ${windowRatio(slow).toFixed(2)} times its least, over ${MOST_OF_WINDOW}.`,
    );
  });

  test('a slow look before each write shows in the ratio, and does not raise the bound', async () => {
    const slow = await measureDeployment({ databases: 1, phases: usualWay, around: hesitating });
    expect(windowRatio(slow)).toBeGreaterThan(windowRatio(calm) + 0.1);
    expect(slow.window?.boundMs).toBe(calm.window?.boundMs);
  });
});

test('reads that grow with every database are over the budget', () => {
  const greedy = {
    ...calm,
    databases: 2,
    phases: calm.phases.map((each) => ({ ...each, traffic: doubled(each.traffic) })),
  };
  expect(overBudget({ deployments: [calm, greedy], rollback: undefined, startUp: undefined })).toHaveLength(1);
});

function doubled(traffic: Traffic): Traffic {
  return { ...traffic, reads: 2 * traffic.reads };
}

function pausing(ports: Ports): Ports {
  return { ...ports, clock: { ...ports.clock, sleep: (ms, signal) => ports.clock.sleep(ms + 3000, signal) } };
}

function hesitating(ports: Ports): Ports {
  return {
    ...ports,
    async send(request, signal) {
      if (request.method === 'PATCH') await ports.clock.sleep(3000, signal);
      return ports.send(request, signal);
    },
  };
}

function ratioOf(measure: DeploymentMeasure, phase: string): number {
  const found = measure.phases.find((each) => each.phase === phase);
  return found ? ratio(found) : 0;
}

function windowRatio({ window }: DeploymentMeasure): number {
  return window ? ratio(window) : 0;
}
