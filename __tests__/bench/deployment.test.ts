import { beforeAll, describe, expect, test } from '@jest/globals';
import { MOST_IN_A_ROW, MOST_OF_SHORT_WINDOW, MOST_OF_WINDOW, overBudget } from '../../simulator/bench/budget.ts';
import { AS_IN_WORKFLOW, type DeploymentMeasure, measureDeployment } from '../../simulator/bench/deployment.ts';
import { RECORDED } from '../../simulator/bench/durations.ts';
import { ratio } from '../../simulator/bench/report.ts';
import { measureScript } from '../../simulator/bench/script.ts';
import type { Traffic } from '../../simulator/bench/traffic.ts';
import { DURATIONS } from '../../simulator/model/create-world.ts';
import type { Ports } from '../../src/ports.ts';
import { usualWay } from '../../src/settings/phases.ts';
import { USUAL_SECONDS, WINDOW_SECONDS } from '../../src/summary/expected.ts';

const runs = AS_IN_WORKFLOW;
const script = measureScript({ ...DURATIONS, ...RECORDED });
let calm: DeploymentMeasure;

beforeAll(async () => {
  calm = await measureDeployment({ databases: 1, runs });
});

test('no phase is faster than what Azure needs for it', () => {
  expect(calm.phases.map(({ phase }) => phase)).toEqual(usualWay);
  for (const { phase, tookMs, azureMs } of calm.phases) expect([phase, azureMs <= tookMs]).toEqual([phase, true]);
});

test('the budget is kept', () => {
  expect(overBudget({ deployments: [calm], script })).toEqual([]);
});

test('what a dry run says that phases and window take is what they take', () => {
  for (const { phase, tookMs } of calm.phases) {
    const soak = phase === 'complete' ? 300 : 0;
    expect([phase, Math.abs(USUAL_SECONDS[phase] + soak - tookMs / 1000) <= 6 + 0.15 * (tookMs / 1000)]).toEqual([
      phase,
      true,
    ]);
  }
  expect(Math.abs(WINDOW_SECONDS - (calm.window?.tookMs ?? 0) / 1000)).toBeLessThan(30);
});

test('what is ours in the window is named, and is all that Azure does not explain', () => {
  const { own = [], tookMs = 0, azureMs = 0 } = calm.window ?? {};
  const sum = own.reduce((all, { seconds }) => all + seconds, 0);
  expect(Math.abs(sum - (tookMs - azureMs) / 1000)).toBeLessThan(0.5);
  for (const each of own) expect(each.for).toMatch(/\w+ \w+/);
});

test("Azure's own part of the window is swap, start, settings, and the time for which both builds answer", () => {
  const { swapWarmUp, swapSwitch, appStart, settingsWrite, bothBuildsAnswer } = { ...DURATIONS, ...RECORDED };
  const least = appStart + swapWarmUp + swapSwitch + settingsWrite + appStart + bothBuildsAnswer;
  expect(Math.abs((calm.window?.azureMs ?? 0) - least)).toBeLessThan(500);
});

test('one more database asks for little, and nothing takes longer for it', async () => {
  const more = await measureDeployment({ databases: 5, runs });
  expect(overBudget({ deployments: [calm, more], script })).toEqual([]);
  expect(more.window?.tookMs).toBe(calm.window?.tookMs);
});

test('equal runs measure the same', async () => {
  const again = await measureDeployment({ databases: 1, runs });
  expect(again.window).toEqual(calm.window);
  expect(again.phases.map(({ tookMs }) => tookMs)).toEqual(calm.phases.map(({ tookMs }) => tookMs));
});

describe('planted slowness', () => {
  test('longer pauses of the action show as ours, in the window and in its phases', async () => {
    const slow = await measureDeployment({ databases: 1, runs, around: pausing });
    expect(windowRatio(slow)).toBeGreaterThan(windowRatio(calm) + 0.05);
    expect(ratioOf(slow, 'deploy')).toBeGreaterThan(ratioOf(calm, 'deploy') + 0.1);
    expect(overBudget({ deployments: [slow] })).toContain(
      `The window of 1 over Azure's own: ${windowRatio(slow).toFixed(2)} times, over ${MOST_OF_WINDOW}.`,
    );
  });

  test('a slow look before each write shows as ours, and is not taken for Azure', async () => {
    const slow = await measureDeployment({ databases: 1, runs, around: hesitating });
    expect(windowRatio(slow)).toBeGreaterThan(windowRatio(calm) + 0.02);
    expect(slow.window?.azureMs).toBe(calm.window?.azureMs);
  });
});

test('reads that grow with every database are over the budget', () => {
  const greedy = {
    ...calm,
    databases: 2,
    phases: calm.phases.map((each) => ({ ...each, traffic: doubled(each.traffic) })),
  };
  expect(overBudget({ deployments: [calm, greedy] })).toHaveLength(1);
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
  return (found && ratio(found)) ?? 0;
}

function windowRatio({ window }: DeploymentMeasure): number {
  return (window && ratio(window)) ?? 0;
}

test('how long a tag of a database takes does not lengthen the window', async () => {
  const slow = await measureDeployment({ databases: 1, runs, durations: { ...RECORDED, tagWrite: 60_000 } });
  expect(Math.abs((slow.window?.tookMs ?? 0) - (calm.window?.tookMs ?? 0))).toBeLessThan(3000);
});

test('a second more for every request makes the window longer by no more than lies one after the other in it', async () => {
  const slow = await measureDeployment({ databases: 1, runs, latencyMs: 1040 });
  expect(((slow.window?.tookMs ?? 0) - (calm.window?.tookMs ?? 0)) / 1000).toBeLessThan(MOST_IN_A_ROW);
});

test('where swaps and starts are short the window is at most half as long again as what Azure needs', async () => {
  const short = await measureDeployment({ databases: 1, runs, durations: { bothBuildsAnswer: 7000 } });
  expect(windowRatio(short)).toBeLessThan(MOST_OF_SHORT_WINDOW);
});
