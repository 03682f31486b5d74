import type { ProfileName } from '../settings/choices.ts';
import type { ReadOnlyProbe } from '../settings/probes.ts';
import type { KeyValue } from '../settings/settings.ts';

/** What the action knows about an application platform. Values may hold the placeholders of `placeholders.ts`. */
export interface Profile {
  readonly name: ProfileName;
  /** For people, such as `Optimizely CMS 12`. */
  readonly title: string;
  /** App settings of the read-only copy in mode `read-only`. */
  readonly readOnly: readonly KeyValue[];
  /** App settings of the copy in mode `read-write`: writing stays possible, background work is off. */
  readonly readWrite: readonly KeyValue[];
  /** App settings of the new build, beside the live build's own. */
  readonly newBuild: readonly KeyValue[];
  /** App settings of the live build when a rollback makes it the candidate, beside its own. */
  readonly liveBuild: readonly KeyValue[];
  /** Names under which the platform looks for its connection strings, the usual one first. */
  readonly connectionStringNames: readonly string[];
  /** Returns one value that changes with the schema; compared for equality only. */
  readonly schemaVersionQuery: string | undefined;
  readonly readOnlyProbes: readonly ReadOnlyProbe[];
  readonly needs: Needs;
  /** The setting names work in Windows plans only. */
  readonly windowsOnly: boolean;
  /** The profile itself turns off background work in mode `read-write`; otherwise `readonly-settings` has to. */
  readonly turnsOffBackgroundWork: boolean;
  /** What the application has to do itself: sentences for `preflight`'s table. */
  readonly notes: readonly string[];
}

export interface CopyAnswer {
  readonly path: string;
  /** Undefined: a page, whatever stands in it; production has it, too. */
  readonly status: number | undefined;
  /** The end of a sentence: what happens otherwise. */
  readonly otherwise: string;
}

export interface Needs {
  /** The app serves blobs as they were at the snapshot: versioning must be on (input `storage-account`). */
  readonly blobVersioning: boolean;
  /** The package of the platform that reads blobs from Azure Storage; its assembly has the same name. */
  readonly blobModule: string | undefined;
  /** A user-assigned identity that may only read blobs, on all three slots: a swap never moves identities. */
  readonly readerIdentity: boolean;
  /** The read-only copy is told the snapshot timestamp. */
  readonly snapshotTimestamp: boolean;
  /** What the copy should show where the application does what the platform asks of it; less is a warning of `read-only`. */
  readonly copyAnswers: readonly CopyAnswer[];
  /** The platform shows its forms disabled in read-only mode: the pages of the copy are looked through for others. */
  readonly disabledForms: boolean;
}

/** Otherwise, where a page stands in for others. */
export const UNEXPLAINED = 'what cannot work read-only would show an error there instead of a page that explains it';
