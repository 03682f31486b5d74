import { copyFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { begin, packageOf, production } from './trial.ts';

test('a package that changes after it was looked at is not uploaded under the name of the other', async () => {
  const mine = packageOf('new').replace(/new\.zip$/, 'mine.zip');
  const trial = begin(
    {},
    {
      around: (ports) => ({
        ...ports,
        send(request, signal) {
          // The slot is prepared: the phase has begun and has hashed it.
          if (/\/slots\/zdd-staging/.test(request.url)) copyFileSync(packageOf('same-schema'), mine);
          return ports.send(request, signal);
        },
      }),
    },
  );
  await trial.through('clone', 'read-only', 'switch');
  // Another one than read-only has uploaded: it has to be uploaded now.
  copyFileSync(packageOf('sick'), mine);
  const { failure } = await trial.run('deploy', { package: mine });
  expect(failure).toMatchObject({ kind: 'refused', happened: expect.stringContaining('has changed since') });
  expect(production(trial)).toMatchObject({ version: '1', reads: 200 });
});
