import type { Packages } from '../sample-app/packages.ts';

/** One run of a workflow, as somebody at a keyboard would start it. */
export interface WorkflowStart {
  /** Why it is started, in plain words. */
  readonly words: string;
  readonly kind: 'deploy' | 'rollback' | 'rehearse';
  /** Of `deploy`: what is deployed. */
  readonly package?: keyof Packages;
  readonly mode?: 'read-only' | 'read-write';
  /** Of `rollback`: what comes back. Of `deploy`: what comes back by itself when it fails; absent, nothing. */
  readonly rollbackScope?: 'code' | 'code-and-database';
  /** It goes on with the deployment that is open. */
  readonly joins?: boolean;
  /** What the reviewer says when asked. */
  readonly reviewer: 'approved' | 'rejected';
  readonly ends: 'success' | 'failure';
}

export interface Scenario {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly shows: string;
  readonly starts: readonly WorkflowStart[];
  /** The version that serves in the end. */
  readonly version: string;
  /** The database was restored: its content is that of the rollback point, and the failed one is set aside. */
  readonly restores: boolean;
  /** Visitors move to the read-only copy in between. */
  readonly opensWindow: boolean;
}

const BACK: Omit<WorkflowStart, 'rollbackScope' | 'words'> = {
  kind: 'rollback',
  joins: true,
  reviewer: 'approved',
  ends: 'success',
};

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'happy',
    shows: 'A new version with a database change goes live, and no visitor sees an error.',
    starts: [{ words: 'Version 2 is deployed.', kind: 'deploy', package: 'v2', reviewer: 'approved', ends: 'success' }],
    version: '2.0.0',
    restores: false,
    opensWindow: true,
  },
  {
    name: 'roll-forward',
    shows: 'The first try of version 2 is wrong; a mended one is deployed while visitors stay on the read-only copy.',
    starts: [
      {
        words: 'A faulty version 2 is deployed.',
        kind: 'deploy',
        package: 'wrongV2',
        reviewer: 'approved',
        ends: 'failure',
      },
      {
        words: 'The fault was found and mended: version 2 is deployed again, in the same deployment.',
        kind: 'deploy',
        package: 'v2',
        joins: true,
        reviewer: 'approved',
        ends: 'success',
      },
    ],
    version: '2.0.0',
    restores: false,
    opensWindow: true,
  },
  {
    name: 'rollback-code',
    shows: 'The reviewer does not like the new looks: the build from before comes back. The database was not changed.',
    starts: [
      {
        words: 'Version 1.1, with new looks on the same database schema, is deployed.',
        kind: 'deploy',
        package: 'v11',
        reviewer: 'rejected',
        ends: 'failure',
      },
      { ...BACK, words: 'The code is rolled back.', rollbackScope: 'code' },
    ],
    version: '1.0.0',
    restores: false,
    opensWindow: true,
  },
  {
    name: 'rollback-code-and-database',
    shows: 'The reviewer rejects version 2: build and database come back as they were before it.',
    starts: [
      { words: 'Version 2 is deployed.', kind: 'deploy', package: 'v2', reviewer: 'rejected', ends: 'failure' },
      { ...BACK, words: 'Code and database are rolled back.', rollbackScope: 'code-and-database' },
    ],
    version: '1.0.0',
    restores: true,
    opensWindow: true,
  },
  {
    name: 'broken-build',
    shows:
      'Version 2 changes the database and then does not start: visitors stay on the read-only copy, then all goes back.',
    starts: [
      {
        words: 'A version 2 that cannot start is deployed; the workflow is told to go back by itself when that fails.',
        kind: 'deploy',
        package: 'brokenV2',
        rollbackScope: 'code-and-database',
        reviewer: 'approved',
        ends: 'failure',
      },
    ],
    version: '1.0.0',
    restores: true,
    opensWindow: true,
  },
  {
    name: 'wrong-build',
    shows: 'Version 2 starts and says it is healthy, but a page fails: it is found before any visitor meets it.',
    starts: [
      {
        words: 'A version 2 whose list of orders fails is deployed.',
        kind: 'deploy',
        package: 'wrongV2',
        reviewer: 'approved',
        ends: 'failure',
      },
      { ...BACK, words: 'Code and database are rolled back.', rollbackScope: 'code-and-database' },
    ],
    version: '1.0.0',
    restores: true,
    opensWindow: true,
  },
  {
    name: 'read-write',
    shows: 'Visitors may go on ordering during the window, and everybody was told that these orders will be lost.',
    starts: [
      {
        words: 'Version 2 is deployed in read-write mode, with the loss accepted.',
        kind: 'deploy',
        package: 'v2',
        mode: 'read-write',
        reviewer: 'approved',
        ends: 'success',
      },
    ],
    version: '2.0.0',
    restores: false,
    opensWindow: true,
  },
  {
    name: 'rehearsal',
    shows: 'Everything is prepared and proven, and taken away again: visitors never notice.',
    starts: [{ words: 'A rehearsal is run.', kind: 'rehearse', package: 'v2', reviewer: 'approved', ends: 'success' }],
    version: '1.0.0',
    restores: false,
    opensWindow: false,
  },
];
