import type { Definition, Module } from '../syntax/statements.ts';
import { alterTable } from './alter-table.ts';
import { createTable } from './create-table.ts';
import type { Definer } from './definer.ts';
import { drop } from './drop.ts';
import { alterIndex, createIndex, dropIndexes } from './indexes.ts';
import { createSchema, createSequence, createType, defineModule, transfer } from './modules.ts';

/** Carries out CREATE, ALTER and DROP. `requireBody` compiles a procedure's body as far as that goes. */
export function define(definer: Definer, of: Definition, requireBody: (module: Module) => void): void {
  switch (of.kind) {
    case 'create-table':
      createTable(definer, of.name, of.table);
      return;
    case 'alter-table':
      alterTable(definer, of.name, of.change);
      return;
    case 'create-index':
      createIndex(definer, of);
      return;
    case 'alter-index':
      alterIndex(definer, of);
      return;
    case 'drop-index':
      dropIndexes(definer, of);
      return;
    case 'drop':
      drop(definer, of);
      return;
    case 'module':
      defineModule(definer, of, requireBody);
      return;
    case 'create-schema':
      createSchema(definer, of.name);
      return;
    case 'transfer':
      transfer(definer, of);
      return;
    case 'create-sequence':
      createSequence(definer, of);
      return;
    case 'create-type':
      createType(definer, of);
      return;
  }
}
