/** The way of a deployment that goes well, in its order. */
export const usualWay = [
  'preflight',
  'clone',
  'read-only',
  'switch',
  'deploy',
  'validate',
  'complete',
  'cleanup',
] as const;
export const phases = [...usualWay, 'rollback', 'status'] as const;
export type PhaseName = (typeof phases)[number];

export const modes = ['read-only', 'read-write'] as const;
/** What visitors may do while the clone serves: read, or also write (and lose what they wrote). */
export type Mode = (typeof modes)[number];

export const profileNames = ['optimizely-cms12', 'optimizely-cms11', 'xperience-kentico', 'umbraco', 'custom'] as const;
export type ProfileName = (typeof profileNames)[number];

export const rollbackScopes = ['code', 'code-and-database'] as const;
export type RollbackScope = (typeof rollbackScopes)[number];
