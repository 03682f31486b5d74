import { expect, test } from '@jest/globals';
import { applyReadOnly } from '../../src/apply/read-only.ts';
import { sketch } from './sketch.ts';

const because = 'nobody writes while visitors read from it';

/** The statements by which the state of a database is changed, and what it says of itself afterwards. */
function closing(saysThatItIs: boolean) {
  const sent: string[] = [];
  const run = sketch({
    answers(name, statement) {
      if (/is_read_only/.test(statement)) return [{ is_read_only: saysThatItIs }];
      sent.push(`${name}: ${statement}`);
      return [];
    },
  });
  return { sent, scene: run.scene() };
}

test('a database is closed whoever works in it, under the name that its server knows', async () => {
  const { sent, scene } = closing(true);
  expect(await applyReadOnly(scene, { kind: 'set-read-only', database: 'shop-sql/shop', because })).toEqual({});
  expect(sent).toEqual(['shop-sql/shop: ALTER DATABASE [shop] SET READ_ONLY WITH ROLLBACK IMMEDIATE']);
});

test('one that was closed and says that it is open takes writes that nobody keeps: it stops the run', async () => {
  const { scene } = closing(false);
  await expect(applyReadOnly(scene, { kind: 'set-read-only', database: 'shop', because })).rejects.toMatchObject({
    kind: 'failed',
    happened: 'Database shop was set READ_ONLY but says that it is not.',
  });
});

test('one that is opened is opened at once, and seen by the next look', async () => {
  const { sent, scene } = closing(true);
  expect(await applyReadOnly(scene, { kind: 'set-read-write', database: 'shop-sql/shop', because })).toEqual({});
  expect(sent).toEqual(['shop-sql/shop: ALTER DATABASE [shop] SET READ_WRITE WITH ROLLBACK IMMEDIATE']);
});
