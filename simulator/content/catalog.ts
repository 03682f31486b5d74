import type { DatabaseSync } from 'node:sqlite';

/** Leaves out tables and views of ours inside a content's file; `prefix` names the table when there are several. */
const visible = (prefix: string) =>
  `${prefix}name NOT LIKE '\\_%' ESCAPE '\\' AND ${prefix}name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`;
const VISIBLE = visible('');
const VISIBLE_M = visible('m.');

const LENGTH = `CASE WHEN upper(c.type) LIKE 'N%CHAR%MAX%' OR upper(c.type) LIKE '%MAX%' THEN -1
  WHEN upper(c.type) LIKE 'N%CHAR(%' THEN 2 * CAST(substr(c.type, instr(c.type, '(') + 1) AS INTEGER)
  WHEN upper(c.type) LIKE '%(%' THEN CAST(substr(c.type, instr(c.type, '(') + 1) AS INTEGER)
  WHEN upper(c.type) LIKE 'BIGINT%' OR upper(c.type) LIKE 'DATETIME%' OR upper(c.type) LIKE 'FLOAT%' THEN 8
  WHEN upper(c.type) LIKE 'UNIQUE%' THEN 16 WHEN upper(c.type) LIKE 'BIT%' OR upper(c.type) LIKE 'TINY%' THEN 1
  WHEN upper(c.type) LIKE 'SMALL%' THEN 2 ELSE 4 END`;

/** Catalog views by the name under which T-SQL knows them. */
const CATALOG: Readonly<Record<string, string>> = {
  'sys.schemas': `SELECT 'dbo' AS name, 1 AS schema_id, 1 AS principal_id`,
  'sys.objects': `SELECT name, _object_id(name) AS object_id, 1 AS schema_id, CASE type WHEN 'table' THEN 'U ' ELSE 'V ' END AS type,
    CASE type WHEN 'table' THEN 'USER_TABLE' ELSE 'VIEW' END AS type_desc, 0 AS is_ms_shipped FROM main.sqlite_master WHERE type IN ('table', 'view') AND ${VISIBLE}
    UNION ALL SELECT name, _object_id(name), 1, 'P ', 'SQL_STORED_PROCEDURE', 0 FROM main._procedures`,
  'sys.tables': `SELECT name, _object_id(name) AS object_id, 1 AS schema_id, 'U ' AS type, 'USER_TABLE' AS type_desc, 0 AS is_ms_shipped FROM main.sqlite_master WHERE type = 'table' AND ${VISIBLE}`,
  'sys.views': `SELECT name, _object_id(name) AS object_id, 1 AS schema_id, 'V ' AS type FROM main.sqlite_master WHERE type = 'view' AND ${VISIBLE}`,
  'sys.procedures': `SELECT name, _object_id(name) AS object_id, 1 AS schema_id FROM main._procedures`,
  'sys.columns': `SELECT c.name AS name, _object_id(m.name) AS object_id, c.cid + 1 AS column_id, ${LENGTH} AS max_length, 1 - (c."notnull" OR c.pk > 0) AS is_nullable,
    (upper(c.type) = 'INTEGER' AND c.pk = 1) AS is_identity, lower(substr(c.type, 1, CASE instr(c.type, '(') WHEN 0 THEN 99 ELSE instr(c.type, '(') - 1 END)) AS type_name
    FROM main.sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND ${VISIBLE_M}`,
  'sys.indexes': `SELECT substr(name, instr(name, '.') + 1) AS name, _object_id(tbl_name) AS object_id, rootpage AS index_id, instr(upper(sql), 'UNIQUE') > 0 AS is_unique, 0 AS is_primary_key
    FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
  'information_schema.tables': `SELECT _db_name() AS TABLE_CATALOG, 'dbo' AS TABLE_SCHEMA, name AS TABLE_NAME, CASE type WHEN 'table' THEN 'BASE TABLE' ELSE 'VIEW' END AS TABLE_TYPE
    FROM main.sqlite_master WHERE type IN ('table', 'view') AND ${VISIBLE}`,
  'information_schema.columns': `SELECT _db_name() AS TABLE_CATALOG, 'dbo' AS TABLE_SCHEMA, m.name AS TABLE_NAME, c.name AS COLUMN_NAME, c.cid + 1 AS ORDINAL_POSITION, c.dflt_value AS COLUMN_DEFAULT,
    CASE WHEN c."notnull" OR c.pk > 0 THEN 'NO' ELSE 'YES' END AS IS_NULLABLE, lower(substr(c.type, 1, CASE instr(c.type, '(') WHEN 0 THEN 99 ELSE instr(c.type, '(') - 1 END)) AS DATA_TYPE,
    CASE WHEN upper(c.type) LIKE '%MAX%' THEN -1 WHEN upper(c.type) LIKE '%CHAR(%' THEN CAST(substr(c.type, instr(c.type, '(') + 1) AS INTEGER) END AS CHARACTER_MAXIMUM_LENGTH
    FROM main.sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') AND ${VISIBLE_M}`,
};

/** The SQLite name of a catalog view. */
export function catalogView(name: string): string | undefined {
  return CATALOG[name.toLowerCase()] === undefined ? undefined : name.toLowerCase().replace('.', '_');
}

/** Makes the catalog views for one connection. */
export function createCatalog(db: DatabaseSync): void {
  for (const [name, select] of Object.entries(CATALOG))
    db.exec(`CREATE TEMP VIEW "${name.replace('.', '_')}" AS ${select}`);
}
