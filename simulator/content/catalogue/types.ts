import type { Env } from '../env.ts';
import { BIT, familyOf, INT, SYSNAME, typeOf } from '../values/sql-type.ts';
import { COLLATION_NAME } from './collation.ts';
import { schemaId } from './objects.ts';
import { catalogueName, maxLength, precisionOf, SYSTEM_TYPES, scaleOf, typeId } from './type-ids.ts';
import { type CatalogueView, type Entry, view } from './view-contract.ts';

const TINY = typeOf('tinyint');

function types(env: Env): Entry[] {
  const system = SYSTEM_TYPES.map(({ id, name }): Entry => {
    const type = typeOf(name, name === 'rowversion' ? 8 : 8000);
    return {
      name: catalogueName(name),
      system_type_id: id,
      user_type_id: id,
      schema_id: 4,
      max_length: maxLength(type),
      precision: precisionOf(type),
      scale: scaleOf(type),
      collation_name: familyOf(type) === 'text' ? COLLATION_NAME : null,
      is_nullable: 1,
      is_user_defined: 0,
      is_assembly_type: 0,
      is_table_type: 0,
      default_object_id: 0,
      rule_object_id: 0,
    };
  });
  const sysname: Entry = {
    name: 'sysname',
    system_type_id: 231,
    user_type_id: 256,
    schema_id: 4,
    max_length: 256,
    precision: 0,
    scale: 0,
    collation_name: COLLATION_NAME,
    is_nullable: 0,
    is_user_defined: 0,
    is_assembly_type: 0,
    is_table_type: 0,
    default_object_id: 0,
    rule_object_id: 0,
  };
  const own = [...env.database().schema.types.values()].map(
    (one): Entry => ({
      name: one.name,
      system_type_id: typeId(one.type),
      user_type_id: one.id,
      schema_id: schemaId(env, one.schema),
      max_length: maxLength(one.type),
      precision: precisionOf(one.type),
      scale: scaleOf(one.type),
      collation_name: null,
      is_nullable: Number(one.isNullable),
      is_user_defined: 1,
      is_assembly_type: 0,
      is_table_type: 0,
      default_object_id: 0,
      rule_object_id: 0,
    }),
  );
  return [...system, sysname, ...own];
}

/** sys.types. */
export const TYPE_VIEWS: Readonly<Record<string, CatalogueView>> = {
  'sys.types': view(
    {
      name: SYSNAME,
      system_type_id: TINY,
      user_type_id: INT,
      schema_id: INT,
      principal_id: INT,
      max_length: typeOf('smallint'),
      precision: TINY,
      scale: TINY,
      collation_name: SYSNAME,
      is_nullable: BIT,
      is_user_defined: BIT,
      is_assembly_type: BIT,
      default_object_id: INT,
      rule_object_id: INT,
      is_table_type: BIT,
    },
    types,
  ),
};
