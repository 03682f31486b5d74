import { writeRow } from '../model/sql/rows.ts';
import { logout } from '../model/sql/sessions.ts';
import type { World } from '../model/world.ts';
import { databases } from './facts.ts';
import { openForeignSession } from './foreign-session.ts';
import type { History, RegularWriter } from './history.ts';

const EVERY_MS = 300_000;
const STAYS_MS = 1_000;
const IMPORT = { from: '192.0.2.3', hostName: 'NIGHTLY', programName: 'stock import', hostProcessId: 7 };

/** Brings it to its next step, at the instant of that step. */
export function stepRegular(world: World, history: History, regular: RegularWriter): void {
  const { at, sessionId } = regular;
  if (sessionId !== undefined) {
    logout(world, sessionId, at);
    delete regular.sessionId;
    regular.at = at - STAYS_MS + EVERY_MS;
    return;
  }
  regular.at = at + STAYS_MS;
  const opened = openForeignSession(world, IMPORT, at);
  if (opened === undefined) return;
  regular.sessionId = opened;
  const taker = databases(world).find(({ databaseId }) => databaseId === world.sql.sessions[opened]?.databaseId);
  const id = `import-${at}`;
  if (taker && writeRow(world, taker.contentId, { id, at, by: 'the import' }) === undefined) {
    history.accepted.push({ id, at, contentId: taker.contentId });
  }
}
