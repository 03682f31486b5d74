import type { Mode, ProfileName } from './choices.ts';

/**
 * What `clone` writes into its record, so that later phases may leave it out. Without a record these are the
 * defaults of {@link defaultsOfRecorded}; `withRecord` puts the record's values in and refuses a contradiction.
 */
export interface RecordedInputs {
  readonly mode: Mode;
  readonly profile: ProfileName;
  readonly readonlySlot: string;
  readonly stagingSlot: string;
  /** The original databases, each by its name or, with its server, as `server/name`. Undefined: those found in production's connection strings. */
  readonly databases: readonly string[] | undefined;
}

/** Used by the first phases; later the record decides. They cannot stand in action.yml: a default would hide what was left out. */
export const defaultsOfRecorded: RecordedInputs = {
  mode: 'read-only',
  profile: 'custom',
  readonlySlot: 'zdd-readonly',
  stagingSlot: 'zdd-staging',
  databases: undefined,
};
