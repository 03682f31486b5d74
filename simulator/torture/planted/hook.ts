import { registerHooks } from 'node:module';
import { plantedNamed } from './planted.ts';

/** Replaces text of files of the action as they are loaded, in this process only. */
const planted = plantedNamed(process.env.TORTURE_PLANTED ?? '');
const edits = [planted, ...(planted.also ?? [])].map((edit) => ({
  ...edit,
  url: new URL(`../../../src/${edit.file}`, import.meta.url).href,
}));

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const wanted = edits.filter((edit) => edit.url === url);
    if (wanted.length === 0) return loaded;
    const source = wanted.reduce((text, { file, find, replace }) => {
      const parts = text.split(find);
      if (parts.length === 2) return parts.join(replace);
      throw new Error(`Planted fault ${planted.name}: its text stands ${parts.length - 1} times in ${file}.`);
    }, String(loaded.source));
    return { ...loaded, source };
  },
});
