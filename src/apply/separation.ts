import { processOf, type Session } from '../azure/sql-sessions.ts';
import type { Scene } from '../context/scene.ts';
import { onlyDeclared } from '../deployment/clone-connections.ts';
import { Stop } from '../errors.ts';
import { inClones, inOriginals, processesOf, unseenInClones } from './copy-place.ts';
import { sessionWords } from './session-view.ts';

/** What the sessions say of where the read-only copy works. */
interface Separation {
  /** Somebody was missing in a clone. */
  readonly copyUnseen: boolean;
  /** It works on an original, or nobody can tell that it does not: it must not go on. */
  readonly astray?: Stop;
  /** Sentences about what could not be told. */
  readonly unproven: readonly string[];
}

/**
 * The read-only copy works on the clones and not on the originals. Its process is known by its sessions in a clone; where nobody is
 * in a clone, silence proves nothing, and whoever has come to an original since the copy was started is taken for it.
 */
export async function separation(scene: Scene, host: string): Promise<Separation> {
  const unseen = await unseenInClones(scene, host);
  const [copies, others] = await Promise.all([inClones(scene), inOriginals(scene)]);
  const astray = inBoth(copies, others) ?? newcomer(scene, copies, others, unseen) ?? onlySaid(scene, unseen);
  const copyUnseen = unseen.length > 0;
  return astray
    ? { astray, copyUnseen, unproven: [] }
    : { copyUnseen, unproven: doubts(scene, copies, others, unseen) };
}

/**
 * What is wrong with where the read-only copy works now that visitors are on it; undefined when nothing is. Swaps start processes
 * anew, the live build's too, so that newcomers in the originals say nothing yet.
 */
export async function strayInProduction(scene: Scene): Promise<string | undefined> {
  const isSaid = onlyDeclared(scene.settings, scene.observed).length > 0;
  const unseen = isSaid ? await unseenInClones(scene, scene.observed.production.host) : [];
  const [copies, others] = await Promise.all([inClones(scene), inOriginals(scene)]);
  return (inBoth(copies, others) ?? onlySaid(scene, unseen))?.happened.replace(/\.$/, '');
}

/**
 * Whether one of those who are left in an original, while the live build is stopped, may be the read-only copy that visitors are
 * on: it has come since the swap began, or its driver names no process, and nobody is seen in the clone. The reason, or undefined.
 */
export async function copyAmong(
  scene: Scene,
  left: readonly { readonly database: string; readonly present: readonly Session[] }[],
): Promise<string | undefined> {
  const { thisRun, databases, production } = scene.observed;
  if (scene.settings.acceptUnseenCopy) return undefined;
  const isKnown = (session: Session) => thisRun.presentBefore?.includes(processOf(session) ?? '');
  const doubtful = left.filter(({ present }) => present.length === 0 || !present.every(isKnown));
  if (doubtful.length === 0) return undefined;
  const unseen = await unseenInClones(scene, production.host);
  const pairs = databases.filter(({ name, original }) =>
    doubtful.some(({ database }) => unseen.includes(name) && database === original?.name),
  );
  if (pairs.length === 0) return undefined;
  const who = [...new Set(doubtful.flatMap(({ present }) => present.map(sessionWords)))].join('; ');
  return `nobody is seen at work in the clone of ${pairs.map(({ name }) => name).join(', ')}, and who is left in the original may be the read-only copy: ${who || 'somebody who comes and goes'}`;
}

function inBoth(copies: readonly Session[], others: readonly Session[]): Stop | undefined {
  const suspects = new Set(processesOf(copies));
  const both = others.find((session) => suspects.has(processOf(session) ?? ''));
  if (!both) return undefined;
  return new Stop(
    'failed',
    `Process ${both.hostProcessId} on ${both.hostName} (${both.programName}) has sessions both in a clone and in an original: one connection of the read-only copy still leads to the original.`,
    `Name the forgotten connection with input clone-connection-settings, then run "read-only" again.`,
  );
}

/** Somebody else who came in the meantime is told from the copy by the program, once the copy itself is seen in every clone. */
function newcomer(
  scene: Scene,
  copies: readonly Session[],
  others: readonly Session[],
  unseen: readonly string[],
): Stop | undefined {
  const { presentBefore } = scene.observed.thisRun;
  if (presentBefore === undefined) return undefined;
  const programs = new Set(copies.map(({ programName }) => programName));
  const came = others.find((session) => {
    const process = processOf(session);
    const isNew = process !== undefined && !presentBefore.includes(process);
    return isNew && (unseen.length > 0 || programs.has(session.programName));
  });
  if (!came) return undefined;
  return new Stop(
    'failed',
    `Since the read-only copy was started a new process is in an original: ${sessionWords(came)}. It is the copy, or cannot be told from it.`,
    `${FIND} If it was somebody else (a query window, another app that has just started): make sure of that, and run "read-only" again.`,
  );
}

/** Nothing but an input says that the copy asks the clone. */
function onlySaid({ settings, observed }: Scene, unseen: readonly string[]): Stop | undefined {
  const silent = onlyDeclared(settings, observed).filter((name) => unseen.includes(name));
  if (silent.length === 0 || settings.acceptUnseenCopy) return undefined;
  return new Stop(
    'failed',
    `Nobody was seen at work in the clone of ${silent.join(', ')} while the read-only copy was asked for its pages for a minute, and ${settings.copyCommand === undefined ? 'no setting of production was found to lead there' : 'only copy-command says that it is asked'}: the copy may work on the original.`,
    `${FIND} Or let health-path or smoke-paths ask the database; and only if the app asks it for none of its pages, set accept-unseen-copy: true.`,
  );
}

const FIND =
  'Find out where the app takes its connection string from, and give the copy another one (clone-connection-settings, readonly-settings): docs/settings-from-elsewhere.md says how for each kind.';

function doubts(
  { context, settings }: Scene,
  copies: readonly Session[],
  others: readonly Session[],
  unseen: readonly string[],
): readonly string[] {
  const said: string[] = [];
  if (unseen.length > 0 && !settings.acceptUnseenCopy) {
    said.push(
      `Nobody was seen at work in the clone of ${unseen.join(', ')} while the read-only copy was asked for its pages. The settings that lead there do lead to the clone; but the app may read others, or ask the database for none of these pages.`,
    );
  }
  const nameless = copies.find((session) => processOf(session) === undefined);
  if (nameless !== undefined && others.length > 0) {
    said.push(
      `Whether a connection of the read-only copy still leads to an original could not be seen in the sessions: ${nameless.programName || 'its driver'} names neither host nor process. Its settings name the clones only; "switch" finds whoever else is in the originals.`,
    );
  }
  for (const doubt of said) context.ports.log.warning(doubt);
  return said;
}
