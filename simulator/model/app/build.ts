/**
 * What an abstract application is: the file `build.json` in its content. It stands for a real application where no
 * processes run (tests, exhaustive sweep): all that it does follows from content and environment.
 */
export interface Build extends Kind {
  readonly name: string;
  readonly version: string;
  /** The schema version that it runs on; absent: any. Another one makes it unhealthy. */
  readonly schema?: string;
  /** Brings the database to its schema version when it starts; or only where a setting says so. */
  readonly migratesOnStart?: boolean | Switch;
  /** Whether its process comes up at all. Default true. */
  readonly starts?: boolean;
  /** Whether `/health` and every page answer 200 when the database is right. Default true. */
  readonly healthy?: boolean;
  /** Healthy in every slot but production: it fails when visitors come. Default false. */
  readonly unhealthyForVisitors?: boolean;
  /** The setting that makes it refuse writes itself with 503, and the value that does. */
  readonly readOnlySwitch?: Switch;
  /** Writes a row when it starts, and whenever it is asked, unless its read-only switch is on: a background job. */
  readonly writesOnStart?: boolean;
}

/** An app setting, and the value with which something is so. */
export interface Switch {
  readonly setting: string;
  readonly value: string;
}

/** Ways in which applications that people have differ from the plain one; each absent by default. */
export interface Kind {
  /**
   * Answers plain http with 307 to https by itself, unless X-Forwarded-Proto says https: UseHttpsRedirection of
   * ASP.NET Core on Windows. https://learn.microsoft.com/aspnet/core/security/enforcing-ssl
   */
  readonly redirectsToHttps?: boolean;
  /** Answers 401 to everybody, as nobody here signs in, except on these paths. */
  readonly asksToSignIn?: { readonly except: readonly string[] };
  /** Answers 403 to callers whose address does not begin with one of these: a filter of its own, not Azure's. */
  readonly letsInOnly?: readonly string[];
  /** `held` (default): a pool that stays open. `for-an-instant`: open for one request only, as PHP's. `none`: it asks no database. */
  readonly sessions?: 'held' | 'for-an-instant' | 'none';
  /** `tiberius`, Prisma's, sends neither host name nor process id: prisma/tiberius src/tds/codec/login.rs */
  readonly driver?: 'SqlClient' | 'tiberius';
  /** App settings that hold a connection string, plain or somewhere in JSON, apart from the connection strings proper. */
  readonly connectsBy?: readonly string[];
  /**
   * Connection strings that it finds elsewhere than in the environment, by name. `store`: a configuration store, a table or a
   * file that it reads last, or its code: they win over the environment. `web.config`, of .NET Framework: a *connection
   * string* of that name in App Service wins, an app setting of the name is none.
   * https://learn.microsoft.com/azure/app-service/configure-common#configure-connection-strings
   */
  readonly brings?: {
    readonly from: 'store' | 'web.config';
    readonly strings: Readonly<Record<string, string>>;
    /** The variables that name the keys of its strings, in the environment or else in the store: it has no others. */
    readonly keysIn?: readonly string[];
    /**
     * The variable that says which row of a table, label or store it reads: those of the world (`stores`), by that name. A name
     * that is not there gives it nothing; `strings` is what it reads without the variable.
     */
    readonly rowIn?: string;
  };
  /** The folder below wwwroot in which it keeps the files that visitors send: Umbraco's `media`, `App_Data`. */
  readonly keepsUploadsIn?: string;
  /** How long its process takes to listen, in milliseconds, where that is longer than usual. */
  readonly startMs?: number;
  /** Something that it does all the time, without being asked, also on a slot: it knows nothing of the read-only switch. */
  readonly works?: { readonly everyMs: number; readonly on: 'database' | 'elsewhere' };
  /** It refuses writes however it is configured: still read-only after `complete`. */
  readonly alwaysReadOnly?: boolean;
  /** It takes visitors' writes, and keeps them outside the database (queue, table storage), also in read-only mode. */
  readonly writesElsewhere?: boolean;
  /** It cannot live on a database that it may only read: Umbraco 17.0 to 17.3 (Umbraco-CMS#21783). */
  readonly needsToWrite?: boolean;
  /** Every so many answers one is 502, counted by process. */
  readonly failsOneIn?: number;
  /**
   * What it shows at a path (`/news`), or at that path of one of its sites (`www.example.org/news`), which it tells apart by the host,
   * as a CMS does. Every other path shows its usual answer.
   */
  readonly pages?: Readonly<Record<string, Page>>;
  /** It takes the host from X-Forwarded-Host, as behind a proxy. https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-Forwarded-Host */
  readonly hearsForwardedHost?: boolean;
  /** `compressed`: gzip, asked for or not. `endless`: the body never ends, as of a stream of events. */
  readonly answers?: 'compressed' | 'endless';
}

interface Page {
  /** Default 200. */
  readonly status?: number;
  /** Its status while the read-only switch is on: a page that writes, and that nobody has guarded. Default: the same. */
  readonly whenReadOnly?: number;
  readonly text: string;
  /** Its text while the read-only switch is on: forms disabled, a page that explains it. Default: the same. */
  readonly textWhenReadOnly?: string;
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
