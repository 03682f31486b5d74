import { type Picture, start } from './picture.ts';
import { after } from './walk.ts';

/** The rows of the design's table: what is there after each phase of a deployment that goes well, and after a rollback. */
const cloned = after(['clone'], start());
const ready = after(['read-only'], cloned);
const switched = after(['switch'], ready);
const deployed = after(['deploy'], switched);
const validated = after(['validate'], deployed);
const completed = after(['complete'], validated);
const rolledBack = after([['rollback', { 'rollback-scope': 'code-and-database' }]], deployed);
const returned = after(['validate', 'complete'], rolledBack);

export const rows = {
  start: start(),
  cloned,
  ready,
  switched,
  deployed,
  validated,
  completed,
  rolledBack,
  returned,
} satisfies Readonly<Record<string, Picture>>;
