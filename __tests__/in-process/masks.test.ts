import { expect, test } from '@jest/globals';
import { readCommand } from '../../simulator/github/workflow-commands.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import { outputsOf } from '../../src/summary/outputs.ts';
import { workflowLog } from '../../src/system/log.ts';
import { begin, PASSWORD } from './trial.ts';
import { writtenDuring } from './written.ts';

/** Connection strings that are none: App Service takes any value for one. */
const NO_SECRETS = {
  UseRedis: 'true',
  Self: 'https://web.azurewebsites.net',
  Region: 'northeurope',
  One: '1',
  Host: 'web.azurewebsites.net',
  Slot: '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Web/sites/web',
};
const SECRETS = {
  Cache: 'cache.example:6380,password=redis-4711,ssl=True',
  Queue: 'Endpoint=sb://q.example/;SharedAccessKeyName=x;SharedAccessKey=queue-4711',
  ApiKey: 'short-key',
  Opaque: 'dGhpcyBpcyBhbiBvcGFxdWUga2V5Cg',
};

test('each secret is masked once, what is none is not, and no output is dropped for it', async () => {
  const { out, result: outputs } = await writtenDuring(async () => {
    const trial = begin({}, { log: workflowLog(), run: async () => ({ exitCode: 0 }) });
    const strings = slotOf(trial.world, 'web', 'production').occupant.connectionStrings;
    for (const [name, value] of Object.entries({ ...NO_SECRETS, ...SECRETS }))
      strings[name] = { value, type: 'Custom' };
    const seen: string[] = [];
    for (const phase of ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete']) {
      const { result, failure } = await trial.run(phase, phase === 'deploy' ? { 'migrate-command': 'migrate' } : {});
      if (failure || !result) throw new Error(failure?.happened);
      seen.push(...Object.values(outputsOf(result)));
    }
    return seen;
  });
  const masked = out.split('\n').flatMap((line) => {
    const command = readCommand(line);
    return command?.name === 'add-mask' ? [command.value] : [];
  });
  expect(masked.toSorted()).toEqual([...new Set(masked)].toSorted());
  expect(masked).toEqual(expect.arrayContaining(Object.values(SECRETS)));
  expect(masked.some((value) => value.includes(PASSWORD))).toBe(true);
  // A command that takes a connection string apart may print the password alone.
  expect(masked).toContain(PASSWORD);
  for (const value of Object.values(NO_SECRETS)) expect(masked).not.toContain(value);
  expect(outputs.filter((output) => masked.some((value) => output.includes(value)))).toEqual([]);
});
