import { expect, test } from '@jest/globals';
import { seesSessions, sessionWords } from '../../src/apply/session-view.ts';
import { type SqlConnection, SqlError } from '../../src/ports.ts';
import { sketch } from './sketch.ts';

const SESSION = {
  ...{ sessionId: 51, programName: 'shop', hostName: 'web1', hostProcessId: 700, loginName: 'app' },
  ...{ status: 'sleeping', lastRequestAt: '', wrote: false },
};

test('whoever is connected is told by what people know of him', () => {
  expect(sessionWords(SESSION)).toBe('shop on web1 as app');
  expect(sessionWords({ ...SESSION, programName: '' })).toBe('a program without a name on web1 as app');
  expect(sessionWords({ ...SESSION, hostName: '' })).toBe('shop on an unknown host as app');
});

/** A second connection that can be counted, and closed as said. */
function counting(sees: boolean, close: () => Promise<void>) {
  const scene = sketch({ sees: () => sees }).scene();
  const { databases } = scene.context;
  const opened: string[] = [];
  const closed: string[] = [];
  const open = async (name: string): Promise<SqlConnection> => {
    opened.push(name);
    const second = await databases.open(name);
    return {
      query: (statement, parameters) => second.query(statement, parameters),
      close() {
        closed.push(name);
        return close();
      },
    };
  };
  const counted = { ...scene, context: { ...scene.context, databases: { ...databases, open } } };
  return { opened, closed, looking: seesSessions(counted, 'shop') };
}

test.each([true, false])('the second connection of the look is closed again, whatever was seen: %s', async (sees) => {
  const { opened, closed, looking } = counting(sees, async () => undefined);
  expect(await looking).toBe(sees);
  expect([opened, closed]).toEqual([['shop'], ['shop']]);
});

test('a second connection that Azure has ended meanwhile is opened anew: who does not see it need not be blind', async () => {
  const scene = sketch({ sees: () => opened > 1 }).scene();
  const { databases } = scene.context;
  let opened = 0;
  const open = async (name: string): Promise<SqlConnection> => {
    const second = await databases.open(name);
    const isFirst = ++opened === 1;
    let asked = 0;
    return {
      ...second,
      async query(statement, parameters) {
        if (isFirst && ++asked > 1) throw new SqlError(596, 'the session is in the kill state');
        return second.query(statement, parameters);
      },
    };
  };
  const read: typeof databases.read = (name, work) => databases.use(name, work).catch(() => databases.use(name, work));
  const moved = { ...scene, context: { ...scene.context, databases: { ...databases, open, read } } };
  expect([await seesSessions(moved, 'shop'), opened]).toEqual([true, 2]);
});

test('one that cannot be closed any more is gone, and what was seen stands', async () => {
  expect(await counting(true, () => Promise.reject(new Error('broken'))).looking).toBe(true);
});
