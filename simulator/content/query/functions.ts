import { findObject } from '../data/schema.ts';
import { ContentProblem } from '../problem.ts';
import { missingObject, splitName } from './compiler.ts';
import type { Define } from './function-contract.ts';
import { CHECKSUM_FUNCTIONS } from './functions/checksum.ts';
import { DATE_FUNCTIONS } from './functions/date.ts';
import { FORMAT } from './functions/format.ts';
import { METADATA_FUNCTIONS } from './functions/metadata.ts';
import { NULL_FUNCTIONS } from './functions/null.ts';
import { NUMBER_FUNCTIONS } from './functions/number.ts';
import { SYSTEM_FUNCTIONS } from './functions/system.ts';
import { TEXT_FUNCTIONS } from './functions/text.ts';

const nextValue: Define = ({ compiler, call }) => {
  const [argument] = call.args;
  const name = argument?.kind === 'column' ? argument.name : [];
  const parts = splitName(compiler, name);
  const sequence = findObject(compiler.schema, parts.schema, parts.name);
  if (sequence?.kind !== 'sequence')
    throw sequence === undefined
      ? missingObject(name)
      : new ContentProblem(11726, `Object '${name.join('.')}' is not a sequence object.`);
  const { type, id } = sequence;
  return {
    type,
    isNullable: false,
    isNull: false,
    uses: -1,
    run(frame) {
      const value = frame.env.nextSequenceValue(id);
      return type.name === 'bigint' || type.name === 'decimal' ? value : Number(value);
    },
  };
};

/** All scalar functions by upper-case name. */
export const FUNCTIONS: Readonly<Record<string, Define>> = {
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...NULL_FUNCTIONS,
  ...SYSTEM_FUNCTIONS,
  ...METADATA_FUNCTIONS,
  ...CHECKSUM_FUNCTIONS,
  FORMAT,
  'NEXT VALUE FOR': nextValue,
};
