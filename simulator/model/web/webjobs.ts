import type { World } from '../world.ts';
import { appView, viewOf } from './content.ts';
import type { Slot } from './state.ts';

export interface WebJob {
  readonly name: string;
  readonly type: 'continuous' | 'triggered';
  /** For `viewOf`, and where below it the job lies. */
  readonly contentId: string;
  readonly directory: string;
  /** Such as `run.js`. */
  readonly runCommand: string;
  /** Path of the job's folder below `/home`; undefined inside a mounted package, which cannot be written. */
  readonly home: string | undefined;
  /** `settings.job`, parsed. */
  readonly settings: Record<string, unknown>;
  /** Neither stopped by `disable.job` nor by WEBJOBS_STOPPED, and Kudu is up. */
  readonly runs: boolean;
}

/** Files that make a folder a job, in the order in which Kudu looks for them. */
const RUN_FILE = /^run\.(cmd|bat|exe|ps1|sh|php|py|js|jar|dll)$/;

/**
 * WebJobs of a slot: below `App_Data/jobs` of what the app runs, and in `site/jobs`.
 * https://github.com/projectkudu/kudu/wiki/WebJobs
 */
export function webJobsOf(world: World, slot: Slot): WebJob[] {
  const { contentId, settings } = slot.occupant;
  const app = appView(world, contentId, settings);
  const jobs = [
    ...jobsIn(world, slot, app, 'App_Data/jobs/', app.endsWith('#wwwroot') ? 'site/wwwroot/' : undefined),
    ...jobsIn(world, slot, `${contentId}#jobs`, '', 'site/jobs/'),
  ];
  return jobs.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Kudu stays up while the app is stopped, unless it is to stop as well. */
export function scmIsUp(world: World, slot: Slot): boolean {
  if (slot.state === 'Running') return true;
  return slot.properties.scmSiteAlsoStopped !== true && !world.variants['scm-403-when-stopped'];
}

function jobsIn(world: World, slot: Slot, view: string, folder: string, home: string | undefined): WebJob[] {
  const files = viewOf(world, view);
  const stopped = isTrue(slot.occupant.settings.WEBJOBS_STOPPED) || !jobsMayRun(world, slot);
  return programsIn(files, folder).map(({ type, name, file }) => {
    const directory = `${folder}${type}/${name}`;
    return {
      name,
      type,
      contentId: view,
      directory,
      runCommand: file,
      home: home && `${home}${directory}`,
      settings: settingsIn(files[`${directory}/settings.job`]),
      runs: !stopped && files[`${directory}/disable.job`] === undefined,
    };
  });
}

interface Program extends Pick<WebJob, 'name' | 'type'> {
  readonly file: string;
}

/** Kept by files, which never change: what runs is asked after each change of anything. */
function programsIn(files: Files, folder: string): readonly Program[] {
  let found = known.get(files);
  if (found === undefined) {
    found = new Map();
    known.set(files, found);
  }
  let programs = found.get(folder);
  if (programs === undefined) {
    programs = Object.keys(files).flatMap((path) => programAt(path, folder) ?? []);
    found.set(folder, programs);
  }
  return programs;
}

type Files = Readonly<Record<string, Uint8Array>>;
const known = new WeakMap<Files, Map<string, readonly Program[]>>();

function programAt(path: string, folder: string): Program | undefined {
  if (!path.startsWith(folder)) return undefined;
  const [type, name, file, ...deeper] = path.slice(folder.length).split('/');
  if (name === undefined || file === undefined || deeper.length > 0 || !RUN_FILE.test(file)) return undefined;
  return type === 'continuous' || type === 'triggered' ? { type, name, file } : undefined;
}

function jobsMayRun(world: World, slot: Slot): boolean {
  if (slot.state === 'Running') return true;
  return world.variants['webjobs-run-while-stopped'] === true && slot.properties.scmSiteAlsoStopped !== true;
}

/** Kudu reads the setting as a boolean: `1` and `true` switch jobs off. */
function isTrue(value: string | undefined): boolean {
  return value === '1' || value?.toLowerCase() === 'true';
}

function settingsIn(file: Uint8Array | undefined): Record<string, unknown> {
  return file === undefined ? {} : (JSON.parse(new TextDecoder().decode(file)) as Record<string, unknown>);
}
