import type { PhaseName } from '../../src/settings/phases.ts';
import type { Weather } from './ideal-azure.ts';
import type { Picture } from './picture.ts';
import { run, type Walk } from './walk.ts';

/** One run of one phase, from a picture that earlier runs, whole or killed, have left. */
export interface Explored {
  readonly from: Picture;
  readonly phase: PhaseName;
  readonly inputs: Readonly<Record<string, string>>;
  readonly weather: Weather;
  readonly walk: Walk;
}

const LOSSY = { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };
const CALM: Weather = {};

export type Run = readonly [PhaseName, Readonly<Record<string, string>>, Weather];

/** Every phase, in every way and weather that makes a difference to it. */
export const RUNS: readonly [Run, ...Run[]] = [
  ['clone', {}, CALM],
  ['read-only', {}, CALM],
  ['switch', {}, CALM],
  ['switch', {}, { ill: true }],
  ['switch', {}, { swapsFail: true }],
  ['deploy', {}, CALM],
  ['deploy', {}, { dead: true }],
  ['deploy', { 'app-settings': 'SHOP_NAME=Mended', 'migrate-command': 'npm run migrate' }, CALM],
  ['deploy', { 'setup-command': 'npm ci', 'after-start-command': 'npm run push' }, CALM],
  ['validate', {}, CALM],
  ['validate', {}, { faulty: true }],
  ['complete', {}, CALM],
  ['complete', {}, { ill: true }],
  ['complete', { 'override-validation': 'the check is wrong' }, { swapsFail: true }],
  ['rollback', {}, CALM],
  ['rollback', { 'ignore-schema': 'true' }, { swapsFail: true }],
  ['rollback', { 'ignore-schema': 'true' }, CALM],
  ['rollback', LOSSY, CALM],
  ['rollback', LOSSY, { dead: true }],
  ['cleanup', {}, CALM],
  ['cleanup', { 'keep-live-build': 'true' }, CALM],
];

/**
 * Every run from every picture that can come about: a run may end, or be killed after any of its steps, and any phase may
 * follow. Attempts and swaps are counted up to a bound, since nothing new comes after it.
 */
export function* explore(
  from: Picture,
  bounds: { readonly attempts: number; readonly swaps: number },
): Generator<Explored> {
  const known = new Set<string>();
  const waiting: Picture[] = [];
  const meet = (picture: Picture) => {
    const what = identity(picture);
    if (known.has(what) || isBeyond(picture, bounds)) return;
    known.add(what);
    waiting.push(picture);
  };
  meet(from);
  for (let picture = waiting.pop(); picture !== undefined; picture = waiting.pop()) {
    for (const [phase, inputs, weather] of RUNS) {
      const walk = run(picture, phase, inputs, weather);
      yield { from: picture, phase, inputs, weather, walk };
      for (const round of walk.rounds) for (const next of round.pictures) meet(next);
    }
  }
}

/** Equal but for the instants at which things happened. */
export function identity(picture: Picture): string {
  return partsOf(picture).map(numberOf).join();
}

/** The same in words, of which some may be left out where pictures are compared. */
export function inWords(picture: Picture): string {
  return partsOf(picture).map(textOf).join('\n');
}

function partsOf({ production, slots, databases, jobsOff, companions = {} }: Picture): readonly object[] {
  return [production, ...Object.values(slots), ...databases, jobsOff, ...Object.values(companions)];
}

/** Of a part of a picture, by what it says. Pictures share most of their parts with those before them. */
function numberOf(part: object): number {
  const known = numbers.get(part);
  if (known !== undefined) return known;
  const text = textOf(part);
  const number = texts.get(text) ?? texts.size;
  texts.set(text, number);
  numbers.set(part, number);
  return number;
}

function textOf(part: object): string {
  return JSON.stringify(part).replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then');
}

const numbers = new WeakMap<object, number>();
const texts = new Map<string, number>();

/** Its record is gone, so the deployment has ended: the next one has another id. */
export function isOver({ databases, slots }: Picture): boolean {
  return Object.keys(slots).length > 0 && !databases.some(({ database: { tags } }) => tags['zdd-lock']);
}

function isBeyond(picture: Picture, bounds: { readonly attempts: number; readonly swaps: number }): boolean {
  if (isOver(picture)) return true;
  return picture.databases.some(
    ({ database: { tags } }) =>
      Number(tags['zdd-attempt'] ?? 0) > bounds.attempts || Number(tags['zdd-swaps'] ?? 0) > bounds.swaps,
  );
}
