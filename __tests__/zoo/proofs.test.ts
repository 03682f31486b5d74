import { expect, test } from '@jest/globals';
import { login } from '../../simulator/model/sql/sessions.ts';
import { PASSWORD, type Trial } from '../in-process/trial.ts';
import { deploy } from '../in-process/zoo.ts';

test('a stranger’s session does not prove that the app has reached its database', async () => {
  const { ended, said } = await deploy({
    kind: { sessions: 'none' },
    before: { complete: (_, trial) => stranger(trial) },
  });
  expect(ended).toBe('deployed');
  expect(said).toContain('Nobody was seen at work in shop');
});

function stranger({ world, clock }: Trial): void {
  const who = { host: 'sql', database: 'shop', user: 'zddadmin', password: PASSWORD, from: '20.50.2.9' };
  const client = { hostName: 'LAPTOP', programName: 'Azure Data Studio', hostProcessId: 7 };
  expect(login(world, { ...who, ...client }, clock.now()).kind).toBe('session');
}
