export const modes = ['read-only', 'read-write'] as const;
/** What visitors may do while the clone serves: read, or also write (and lose what they wrote). */
export type Mode = (typeof modes)[number];

export const profileNames = ['optimizely-cms12', 'optimizely-cms11', 'xperience-kentico', 'umbraco', 'custom'] as const;
export type ProfileName = (typeof profileNames)[number];

/** What a rollback brings back. */
export const rollbackScopes = ['code', 'code-and-database'] as const;
export type RollbackScope = (typeof rollbackScopes)[number];

/** What may be asked for: `auto` is decided by what was seen. */
export const askedScopes = ['auto', ...rollbackScopes] as const;
export type AskedScope = (typeof askedScopes)[number];

/** Types of a connection string of App Service that lead to SQL Server; the type decides the prefix of its variable. */
export const connectionStringTypes = ['SQLAzure', 'SQLServer', 'Custom'] as const;
export type ConnectionStringType = (typeof connectionStringTypes)[number];
