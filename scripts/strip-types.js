import { stripTypeScriptTypes } from 'node:module';

/** Jest transform: the same type stripping that Node applies when it runs a .ts file. */
export default {
  process(source) {
    return { code: stripTypeScriptTypes(source, { mode: 'strip' }) };
  },
};
