import { expect, test } from '@jest/globals';
import { begin, production } from './trial.ts';
import { partsOf } from './zoo.ts';

test.each(['constructor', 'toString', 'hasOwnProperty'])(
  'a setting that is named %s is a setting like any other',
  async (name) => {
    const trial = begin();
    const { occupant } = partsOf(trial.world).production;
    Object.defineProperty(occupant.settings, name, {
      value: 'kept',
      enumerable: true,
      configurable: true,
      writable: true,
    });
    await trial.through('clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup');
    expect(production(trial)).toMatchObject({ version: '2', reads: 200 });
    const { settings } = partsOf(trial.world).production.occupant;
    expect(Object.getOwnPropertyDescriptor(settings, name)?.value).toBe('kept');
  },
);

test('a setting that is named __proto__ would be lost in the copy, so nothing begins', async () => {
  const trial = begin();
  const { settings } = partsOf(trial.world).production.occupant;
  Object.defineProperty(settings, '__proto__', { value: 'x', enumerable: true, configurable: true, writable: true });
  const { failure } = await trial.run('clone');
  expect(failure).toMatchObject({ kind: 'refused', happened: expect.stringContaining('is called __proto__') });
});
