import { expect, test } from '@jest/globals';
import type { Ports, RunCommand } from '../../src/ports.ts';
import { begin, production, type Trial } from './trial.ts';

/** How often the databases were listed, which every look does, between the beginning of a phase and the first that it says. */
function looksAtBegin(phase: string) {
  const counts = { looks: 0 };
  let isBeginning = false;
  const around = (ports: Ports): Ports => ({
    ...ports,
    log: {
      ...ports.log,
      info(sentence) {
        isBeginning = false;
        ports.log.info(sentence);
      },
      group(title, body) {
        isBeginning = title === `Phase ${phase}`;
        return ports.log.group(title, body);
      },
    },
    async send(request, signal) {
      if (isBeginning && /\/servers\/[^/]+\/databases\?/.test(request.url)) counts.looks++;
      return ports.send(request, signal);
    },
  });
  return { counts, around };
}

async function switched(trial: Trial, inputs = {}) {
  await trial.through('clone', 'read-only');
  return trial.run('switch,deploy,validate', inputs);
}

test('deploy goes on with the look with which switch has ended; validate needs more and looks for itself', async () => {
  for (const [phase, looks] of [
    ['deploy', 0],
    ['validate', 1],
  ] as const) {
    const { counts, around } = looksAtBegin(phase);
    const trial = begin({}, { around });
    expect((await switched(trial)).failure).toBeUndefined();
    expect([phase, counts.looks]).toEqual([phase, looks]);
  }
});

test('where a hook took its time between them, it looks again: what others did meanwhile must be seen', async () => {
  const { counts, around } = looksAtBegin('deploy');
  const run: RunCommand = async (command) => {
    if (command === './tell.sh') await trial.clock.sleep(5000);
    return { exitCode: 0 };
  };
  const trial: Trial = begin({}, { around, run });
  const { failure } = await switched(trial, { 'hook-command': '[after switch] ./tell.sh' });
  expect(failure).toBeUndefined();
  expect(counts.looks).toBe(1);
  expect(production(trial)).toMatchObject({ version: '1' });
});
