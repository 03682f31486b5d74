/**
 * What an abstract application is: the file `build.json` in its content. It stands for a real application where no
 * processes run (tests, exhaustive sweep): all that it does follows from content and environment.
 */
export interface Build {
  readonly name: string;
  readonly version: string;
  /** The schema version that it runs on; absent: any. Another one makes it unhealthy. */
  readonly schema?: string;
  /** Brings the database to its schema version when it starts. */
  readonly migratesOnStart?: boolean;
  /** Whether its process comes up at all. Default true. */
  readonly starts?: boolean;
  /** Whether `/health` and every page answer 200 when the database is right. Default true. */
  readonly healthy?: boolean;
  /** Healthy in every slot but production: it fails when visitors come. Default false. */
  readonly unhealthyForVisitors?: boolean;
  /** The setting that makes it refuse writes itself with 503, and the value that does. */
  readonly readOnlySwitch?: { readonly setting: string; readonly value: string };
  /** Writes a row when it starts, and whenever it is asked, unless its read-only switch is on: a background job. */
  readonly writesOnStart?: boolean;
}

/** The build in a content; undefined when there is none, as in a new slot. Throws when the file is not a build. */
export function buildIn(files: Readonly<Record<string, Uint8Array>>): Build | undefined {
  const file = files['build.json'];
  if (file === undefined) return undefined;
  const known = builds.get(file);
  if (known !== undefined) return known;
  const build = JSON.parse(new TextDecoder().decode(file)) as Partial<Build>;
  if (typeof build.name !== 'string' || typeof build.version !== 'string') {
    throw new Error('build.json needs a name and a version.');
  }
  builds.set(file, build as Build);
  return build as Build;
}

/** Read once: the bytes of a content never change, and every request of the abstract application asks. */
const builds = new WeakMap<Uint8Array, Build>();

/** The files of an abstract application. */
export function buildFiles(build: Build): Record<string, Uint8Array> {
  return { 'build.json': new TextEncoder().encode(JSON.stringify(build)) };
}
