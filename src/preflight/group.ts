import type { Scene } from '../context/scene.ts';
import { reason } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import type { AppLook, DatabasePart, Observed, RunPart } from '../deployment/observed.ts';
import { isPartial, type Look, wholeOf } from '../deployment/partial-look.ts';
import type { ChangingPhase } from '../settings/phases.ts';
import type { Settings } from '../settings/settings.ts';
import { listed, notLookedAt, unseen } from './verdicts.ts';

/** Checks on one subject, with what they need of a look: they are left out, and said to be, when that is missing. */
export type Group =
  | Checks<'app', AppLook & RunPart>
  | Checks<'databases', DatabasePart & RunPart>
  | Checks<'everything', Observed>
  | (Row<'nothing'> & Asking<Look>);

type Checks<Needs, Part> = Row<Needs> & (Asking<Part> | Judging<Part>);

interface Row<Needs> {
  readonly title: string;
  readonly needs: Needs;
  /** Asked of each app that moves together with the first, too: of all, or of those that come with a build of their own; or only of those others. */
  readonly ofEach?: 'app' | 'build' | 'companion';
  /** The phases that do the same right before it matters, and refuse when it fails. */
  readonly again?: readonly ChangingPhase[];
}

/** What has to be asked for. */
interface Asking<Part> {
  readonly check: (scene: Scene<Part>) => readonly Check[] | Promise<readonly Check[]>;
}

/** What the look shows. Pure. */
interface Judging<Part> {
  readonly judge: (settings: Settings, observed: Part) => readonly Check[];
}

/** The lines of one group. What it needs and is missing, or cannot be looked at, is a line, too. */
export async function runGroup(scene: Scene<Look>, group: Group): Promise<readonly Check[]> {
  const { title, needs } = group;
  const parts = partsOf(scene.observed);
  try {
    switch (needs) {
      case 'nothing':
        return await group.check(scene);
      case 'app':
        return parts.app ? await look(group, { ...scene, observed: parts.app }) : [without(title, { app: undefined })];
      case 'databases':
        return parts.databases
          ? await look(group, { ...scene, observed: parts.databases })
          : [without(title, { databases: undefined })];
      case 'everything':
        return parts.everything ? await look(group, { ...scene, observed: parts.everything }) : [without(title, parts)];
    }
  } catch (error) {
    scene.context.signal.throwIfAborted();
    return [unseen(title, { why: reason(error), error })];
  }
}

interface Parts {
  readonly app: (AppLook & RunPart) | undefined;
  readonly databases: (DatabasePart & RunPart) | undefined;
  readonly everything: Observed | undefined;
}

function partsOf(look: Look): Parts {
  if (!isPartial(look)) return { app: look, databases: look, everything: look };
  const { appPart, databasePart } = look;
  // Without settings to read and a record nobody knows which of the databases are the originals.
  const isKnown = databasePart !== undefined && databasePart.databases.length > 0;
  return {
    app: appPart && { ...look, ...appPart },
    databases: isKnown ? { ...look, ...databasePart } : undefined,
    everything: isKnown ? wholeOf(look) : undefined,
  };
}

function without(title: string, parts: Partial<Parts>): Check {
  const missing = [
    ...('app' in parts && !parts.app ? ['the settings of the slots'] : []),
    ...('databases' in parts && !parts.databases ? ['the databases'] : []),
  ];
  return notLookedAt(title, `It needs ${listed(missing)}, which could not be looked at.`);
}

async function look<Part>(group: Asking<Part> | Judging<Part>, scene: Scene<Part>): Promise<readonly Check[]> {
  return 'judge' in group ? group.judge(scene.settings, scene.observed) : group.check(scene);
}
