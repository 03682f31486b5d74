import type { Build } from '../model/app/build.ts';
import type { WorldOptions } from '../model/create-world.ts';
import { FRAMEWORKS, PEOPLES, ROWS, STORED } from './builds.ts';
import { EDITOR, IMAGE, SEARCH } from './facts.ts';
import type { Allowance } from './invariant.ts';

/** One kind of deployment, and the ways that it may take. */
export interface Scenario {
  readonly name: string;
  readonly world: WorldOptions;
  readonly inputs: Readonly<Record<string, string>>;
  /** The live build. Default: the shop. */
  readonly live?: Build;
  /** What production's `config/web` has beside Azure's defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** A file beside wwwroot, below /home. */
  readonly beside?: string;
  /** Phases in order; a stage is written `phase` or `phase:variant`, see `stages.ts`. */
  readonly paths: readonly string[];
  /** What Azure does to visitors in this world without our doing. */
  readonly allows?: readonly Allowance[];
  readonly migrates?: boolean;
  /** Another program connects for a second every five minutes, and writes. */
  readonly hasRegular?: true;
  /** Other apps work on the same databases, and one of them was stopped by its owner before. */
  readonly hasNeighbours?: true;
  /** An app that nobody names works on the databases with the same login, by a string that nobody else can read. */
  readonly hasStranger?: true;
  /** Two other apps move together with the shop. */
  readonly movesSeveral?: true;
  /** Every slot has an identity of its own, by which the app signs in. */
  readonly signsInByIdentity?: true;
  /** Production's connection string is a reference to a secret. */
  readonly readsVault?: true;
  /** Blobs of the app lie in account `media`, and reviewers see what became of them. */
  readonly hasBlobs?: true;
  /** Production has no connection strings: the app brings its own. */
  readonly hasNoStrings?: true;
  /** A slot of the team swaps by itself, and a slot setting keeps it on a database of its own. */
  readonly hasTeamSlot?: true;
  /** The database has a replica in another region. */
  readonly isReplicated?: true;
  /** Both builds are images, and nothing lies in wwwroot. */
  readonly runsImages?: true;
}

const WINDOW = 'clone read-only switch';
const END = 'validate complete cleanup';

export const scenarios: readonly Scenario[] = [
  {
    name: 'one',
    world: { databases: ['shop'] },
    inputs: {},
    paths: [
      `preflight ${WINDOW} deploy ${END}`,
      'clone cleanup',
      'clone read-only cleanup',
      `${WINDOW} rollback:code cleanup`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} deploy validate rollback:database deploy ${END}`,
      `${WINDOW} deploy validate complete rollback:lossy ${END}`,
      `${WINDOW} deploy deploy:fixed ${END}`,
      `${WINDOW} deploy validate status`,
      `${WINDOW} rollback:code switch deploy rollback:database ${END}`,
      `${WINDOW} status:overdue cleanup`,
      `${WINDOW} deploy status:forgotten`,
      'clone read-only rollback:code cleanup',
    ],
  },
  {
    name: 'two',
    world: { databases: ['shop', 'catalog'] },
    inputs: {},
    paths: [
      `${WINDOW} deploy ${END}`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} rollback:code`,
      'clone cleanup',
    ],
  },
  {
    // The same name on both, and the one with the record is not the one that the app was made with.
    name: 'servers',
    world: { databases: ['shop'], furtherServers: [{ name: 'identity', databases: ['shop'] }] },
    inputs: {},
    paths: [
      `preflight ${WINDOW} deploy ${END}`,
      `${WINDOW} rollback:code cleanup`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} deploy validate complete rollback:lossy ${END}`,
      'clone cleanup',
    ],
  },
  {
    name: 'code-only',
    world: { databases: ['shop'] },
    inputs: { package: '/packages/same-schema.zip' },
    paths: [
      `${WINDOW} deploy rollback:code ${END}`,
      `${WINDOW} deploy validate complete rollback:code ${END}`,
      `${WINDOW} deploy validate rollback:code deploy complete:early`,
      `${WINDOW} deploy validate:failing complete:early`,
    ],
  },
  {
    name: 'read-write',
    world: { databases: ['shop'] },
    inputs: { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'SHOP_BACKGROUND=off' },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy rollback:database ${END}`, `${WINDOW} rollback:code ${END}`],
  },
  {
    name: 'command',
    world: { databases: ['shop'] },
    inputs: {
      package: '/packages/command.zip',
      'setup-command': './set-up',
      'migrate-command': './migrate',
      'after-start-command': './push',
    },
    paths: [
      `${WINDOW} deploy ${END}`,
      `${WINDOW} deploy rollback:database deploy`,
      `${WINDOW} deploy:half deploy validate`,
      `${WINDOW} deploy:half rollback:auto ${END}`,
    ],
    migrates: true,
  },
  {
    name: 'replicated',
    // Azure closes no replicated database, and nobody restores it: the way back is the code.
    world: { databases: ['shop'], variants: { 'replicated-stays-open': true } },
    inputs: { package: '/packages/same-schema.zip', 'no-database-rollback': 'true' },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy rollback:code ${END}`, `${WINDOW} rollback:code cleanup`],
    isReplicated: true,
  },
  {
    name: 'surprises',
    world: {
      databases: ['shop'],
      variants: {
        'tags-late': true,
        'tags-lost-on-copy': true,
        'list-without-tags': true,
        'applock-refused-read-only': true,
        'scm-403-when-stopped': true,
        'webjobs-run-while-stopped': false,
        'read-only-carried-by-restore': true,
        'patch-leaves-connection-strings': true,
      },
    },
    inputs: {},
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy rollback:database`],
  },
  {
    name: 'lagging',
    // Swaps are quick, and what they have changed shows late: to the action in settings and lists, to visitors at some front ends.
    world: {
      databases: ['shop'],
      variants: { 'settings-late': true, 'list-lags': true, 'routes-linger': true },
      durations: { swapRestartSource: 500, appStart: 500, swapWarmUp: 500, swapSwitch: 500, swapRestartTarget: 500 },
    },
    inputs: { 'soak-seconds': '5' },
    paths: [
      `${WINDOW} deploy ${END}`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} deploy validate complete rollback:lossy`,
    ],
  },
  {
    name: 'swift',
    // A second swap may be over before an earlier one is admitted, and front ends still send visitors to what it took out.
    world: {
      databases: ['shop'],
      variants: { 'routes-linger': true },
      durations: { swapRestartSource: 500, appStart: 500, swapWarmUp: 500, swapSwitch: 500, swapRestartTarget: 500 },
    },
    inputs: { 'soak-seconds': '5' },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy validate complete rollback:lossy`],
  },
  {
    name: 'restless',
    // Azure restarts the new production instance three minutes after a swap, and its front door answers 503 for a while.
    world: { databases: ['shop'], variants: { 'late-restart': true, '503-after-swap': true, 'slow-warm-up': true } },
    inputs: { 'max-errors': '20' },
    paths: [`${WINDOW} deploy validate complete`],
    allows: ['errors-for-a-moment'],
  },
  {
    name: 'prepared',
    // A restore is quick: on some of the ways it is ready in time, on others it is not.
    world: { databases: ['shop'], durations: { restore: 20_000 } },
    inputs: { 'prepare-rollback': 'true' },
    paths: [
      `${WINDOW} deploy ${END}`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} deploy validate complete rollback:lossy ${END}`,
      `${WINDOW} rollback:code switch deploy rollback:database`,
    ],
  },
  {
    name: 'unhealthy',
    world: { databases: ['shop'] },
    inputs: {},
    paths: [
      `${WINDOW} deploy:unhealthy validate complete:withdrawn deploy:fixed ${END}`,
      `${WINDOW} deploy:unhealthy validate complete:withdrawn rollback:lossy ${END}`,
      `${WINDOW} deploy:dead deploy:fixed validate`,
    ],
  },
  {
    name: 'regular',
    world: { databases: ['shop'] },
    inputs: {},
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy rollback:database ${END}`],
    hasRegular: true,
  },
  {
    name: 'neighbours',
    world: { databases: ['shop'] },
    inputs: { 'other-apps': 'admin = stop\nstock = stop\nasleep = stop' },
    paths: [
      `preflight ${WINDOW} deploy ${END}`,
      `${WINDOW} rollback:code cleanup`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} deploy validate complete rollback:lossy ${END}`,
      `${WINDOW} deploy:unhealthy validate complete:withdrawn deploy:fixed validate complete`,
      'clone read-only cleanup',
    ],
    hasNeighbours: true,
  },
  {
    name: 'unnamed',
    world: { databases: ['shop'] },
    inputs: {},
    paths: ['clone:refused'],
    hasStranger: true,
  },
  {
    name: 'several',
    world: { databases: ['shop'] },
    inputs: { 'other-apps': `${EDITOR} = /packages/editor.zip\n${SEARCH} = read-only` },
    paths: [
      `preflight ${WINDOW} deploy ${END}`,
      `${WINDOW} rollback:code cleanup`,
      `${WINDOW} deploy rollback:database ${END}`,
      `${WINDOW} deploy validate complete rollback:lossy ${END}`,
      `${WINDOW} status:overdue cleanup`,
      'clone read-only cleanup',
    ],
    movesSeveral: true,
  },
  {
    name: 'container',
    world: { databases: ['shop'], linux: true },
    inputs: { package: '', image: `${IMAGE}:2` },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy rollback:database ${END}`],
    runsImages: true,
  },
  {
    name: 'identities',
    // The app signs in as its slot, and a process goes on with the identity of the slot in which it was started.
    world: { databases: ['shop'], variants: { 'process-keeps-identity': true } },
    inputs: {},
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} rollback:code cleanup`],
    signsInByIdentity: true,
  },
  {
    name: 'slot-users',
    // The same, where neither slots nor their users are there: "clone" makes them.
    world: { databases: ['shop'], variants: { 'process-keeps-identity': true, 'identities-late': true } },
    inputs: { 'slot-users': 'true' },
    paths: [`${WINDOW} deploy ${END}`, 'clone cleanup', `${WINDOW} deploy rollback:database ${END}`],
    signsInByIdentity: true,
  },
  {
    name: 'vault',
    // The app's connection string is a secret of a vault, which its identity may read, and that of the run. Its blobs lie in an account.
    world: { databases: ['shop'] },
    inputs: { 'storage-account': 'media' },
    paths: [
      `preflight ${WINDOW} deploy ${END}`,
      `${WINDOW} deploy rollback:database ${END}`,
      'clone read-only cleanup',
    ],
    readsVault: true,
    hasBlobs: true,
  },
  {
    name: 'elsewhere',
    world: { databases: ['shop'], appSettings: { SHOP_NAME: 'Shop' } },
    live: FRAMEWORKS,
    inputs: {
      package: '/packages/frameworks.zip',
      'sql-server': 'sql',
      databases: 'shop',
      'clone-connection-settings':
        'connection-string:Shop=Server=sql.database.windows.net;Database={{clone-database}};User ID=zddadmin;Password=Simulated-1',
    },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} rollback:code cleanup`],
    hasNoStrings: true,
  },
  {
    name: 'told',
    // No setting of App Service reaches the database: a command tells the copy its clone.
    world: { databases: ['shop'], appSettings: { SHOP_NAME: 'Shop', SHOP_ROW: 'LIVE' } },
    live: ROWS,
    inputs: {
      package: '/packages/rows.zip',
      'sql-server': 'sql',
      databases: 'shop',
      'readonly-settings': 'SHOP_READ_ONLY=true\nSHOP_ROW=COPY',
      'copy-command': './tell',
    },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} rollback:code cleanup`],
    hasNoStrings: true,
  },
  {
    name: 'astray',
    // The copy works on the original, and nothing that it was given can keep it from that.
    world: { databases: ['shop'] },
    live: STORED,
    inputs: {
      'sql-server': 'sql',
      databases: 'shop',
      'clone-connection-settings':
        'Unread=Server=sql.database.windows.net;Database={{clone-database}};User ID=zddadmin;Password=Simulated-1',
    },
    paths: ['clone read-only:astray cleanup'],
    allows: ['astray'],
    hasNoStrings: true,
  },
  {
    name: 'astray-in-spite',
    // The same, where production has a setting that leads to the original: it was redirected, and the app does not read it.
    world: { databases: ['shop'] },
    live: STORED,
    inputs: {},
    paths: ['clone read-only:astray cleanup'],
    allows: ['astray'],
  },
  {
    name: 'put-off',
    world: { databases: ['shop'] },
    inputs: { 'pause-auto-swap': 'foreign', 'release-slot-settings': 'DefaultConnection' },
    paths: [`${WINDOW} deploy ${END}`, `${WINDOW} deploy rollback:database ${END}`, 'clone read-only cleanup'],
    allows: ['scaled'],
    hasTeamSlot: true,
  },
  {
    name: 'basic',
    // The plan has no slots and is scaled up, for which its instances are replaced; meanwhile nobody answers.
    world: {
      databases: ['shop'],
      sku: { name: 'B1', tier: 'Basic', family: 'B' },
      variants: { 'scale-up-interrupts': true },
    },
    inputs: { 'plan-sku': 'S1' },
    paths: [`${WINDOW} deploy ${END}`, 'clone read-only cleanup'],
    allows: ['scaled'],
  },
  {
    name: 'people',
    world: {
      databases: ['shop'],
      sku: { name: 'P1v3', tier: 'PremiumV3', family: 'Pv3' },
      variants: { 'both-builds-answer': true, 'open-settings-stay': true },
    },
    live: PEOPLES,
    config: {
      healthCheckPath: '/health',
      autoHealEnabled: true,
      autoHealRules: { actions: { actionType: 'Recycle' } },
      appCommandLine: '/home/site/scripts/start.sh',
    },
    beside: 'site/scripts/start.sh',
    inputs: {
      'plan-sku': 'S1',
      package: '/packages/peoples.zip',
      'keep-files': 'media, /home/site/scripts',
      'write-probes': 'POST /order -> 201',
    },
    paths: [
      `${WINDOW} deploy ${END}`,
      `${WINDOW} rollback:code cleanup`,
      `${WINDOW} deploy validate complete rollback:lossy ${END}`,
    ],
  },
];
