import { registerHooks } from 'node:module';
import { plantedNamed } from './planted.ts';

/** Replaces text of one file of the action as it is loaded, in this process only. */
const { file, find, replace, name } = plantedNamed(process.env.TORTURE_PLANTED ?? '');
const wanted = new URL(`../../../src/${file}`, import.meta.url).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== wanted) return loaded;
    const parts = String(loaded.source).split(find);
    if (parts.length !== 2)
      throw new Error(`Planted fault ${name}: its text stands ${parts.length - 1} times in ${file}.`);
    return { ...loaded, source: parts.join(replace) };
  },
});
