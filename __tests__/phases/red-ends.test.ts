import { expect, test } from '@jest/globals';
import { parseName } from '../../src/deployment/names.ts';
import type { DeploymentRecord } from '../../src/deployment/record.ts';
import { parseRecord } from '../../src/deployment/record-tags.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import type { Weather } from './ideal-azure.ts';
import type { Picture } from './picture.ts';
import { brokenPromise } from './promises.ts';
import { run, type Walk } from './walk.ts';
import { type Case, cases } from './ways.ts';

interface Red extends Case {
  readonly weather: Weather;
  readonly after: Picture;
  readonly record: DeploymentRecord | undefined;
  readonly earlier: DeploymentRecord | undefined;
  readonly walk: Walk;
}

const WEATHERS: readonly (readonly [PhaseName, Weather])[] = [
  ['switch', { ill: true }],
  ['switch', { swapsFail: true }],
  ['deploy', { dead: true }],
  ['complete', { ill: true }],
  ['complete', { swapsFail: true }],
  ['rollback', { dead: true }],
  ['rollback', { swapsFail: true }],
];

/** Every phase that comes to do something and ends red. */
function redEnds(): readonly Red[] {
  return cases().flatMap((each) =>
    WEATHERS.filter(([phase]) => phase === each.phase).flatMap(([phase, weather]) => {
      const walk = run(each.picture, phase, each.inputs, weather);
      const { stop, rounds, picture: after } = walk;
      if (stop === undefined || rounds.length < 2) return [];
      return [{ ...each, weather, after, walk, record: recordOf(after), earlier: recordOf(each.picture) }];
    }),
  );
}

function recordOf({ databases }: Picture): DeploymentRecord | undefined {
  const clones = databases.filter(({ database: { name } }) => parseName(name)?.kind === 'clone');
  const parsed = clones.flatMap(({ database: { tags } }) => parseRecord(tags) ?? []);
  return parsed.flatMap((each) => ('read' in each ? each.read : []))[0];
}

const sideOf = ({ production }: Pick<Picture, 'production'>) =>
  production.marker === undefined ? 'live build' : production.marker.role === 'read-only' ? 'copy' : 'candidate';

const isClosed = ({ databases }: Picture) =>
  databases.some(({ database, isReadOnly }) => !database.name.includes('-zdd-') && isReadOnly);

const states = ({ slots }: Picture) => Object.values(slots).map(({ state }) => state);

/** What is promised of each red end, as its name and what is wrong. */
function wrongIn({
  phase,
  weather,
  before,
  picture,
  after,
  record,
  earlier,
  walk,
  inputs,
}: Red): readonly (string | false | undefined)[] {
  const others = Object.values(after.companions ?? {});
  const isIll = weather.ill === true;
  const again = run(after, phase, inputs);
  // Without restores the originals stay open.
  const restores = inputs['no-database-rollback'] === undefined;
  return [
    others.some((other) => sideOf(other) !== sideOf(after)) && 'all apps are on one side',
    walk.stop?.kind !== 'failed' && 'it has failed',
    record?.intent !== undefined && 'no swap is left open',
    record?.rollbackUnderWay?.databases === 'moving' && 'no database is on its way',
    phase === 'switch' && sideOf(after) !== 'live build' && 'visitors are on the live build',
    phase === 'switch' && isClosed(after) && 'originals take writes',
    phase === 'switch' && after.appsOff.length > 0 && 'other apps run',
    phase === 'switch' && record?.windowOpenedAt !== undefined && 'no window is recorded',
    phase === 'switch' && (record?.readOnlyReady === undefined) !== isIll && 'only a copy that was ill is proven anew',
    phase === 'deploy' && sideOf(after) !== 'copy' && 'visitors stay on the copy',
    phase === 'deploy' &&
      record?.candidate?.role === 'new' &&
      earlier?.candidate?.attempt !== record.candidate.attempt &&
      'what did not start is no candidate',
    phase === 'deploy' && after.slots['zdd-readonly']?.state !== 'Stopped' && 'the live build stays stopped',
    phase === 'deploy' && record?.rollbackPoint !== earlier?.rollbackPoint && 'the point stays',
    phase === 'complete' && sideOf(after) !== 'copy' && 'visitors are on the copy',
    phase === 'complete' && isIll && record?.verdict !== undefined && 'the verdict is void',
    phase === 'complete' && isIll && record?.completedAt !== undefined && 'it is not completed',
    phase === 'complete' && !isIll && record?.verdict === undefined && 'the verdict holds',
    phase === 'complete' &&
      isIll &&
      record?.visitorsOnOriginalSince === undefined &&
      'it is known that visitors were there',
    phase === 'rollback' && weather.dead && sideOf(after) !== 'copy' && 'visitors are on the copy',
    phase === 'rollback' && weather.dead && states(after).includes('Running') && 'no build runs',
    phase === 'rollback' && weather.dead && !after.jobsOff.includes('zdd-readonly') && 'no WebJob runs',
    phase === 'rollback' && weather.dead && record?.candidate !== undefined && 'there is no candidate',
    phase === 'rollback' && weather.swapsFail && sideOf(after) !== sideOf(picture) && 'visitors are where they were',
    // A person looks first at what was ill.
    !isIll && again.stop !== undefined && 'run again it ends green',
    !isIll && restores && brokenPromise(phase, again.picture) !== undefined && 'run again it keeps its promise',
    isIll && again.stop?.kind !== 'refused' && before !== 'switched' && 'run again it is refused',
  ];
}

test('whatever ends red leaves visitors on one side, nothing half-way, and is ended by another run', () => {
  const reds = redEnds();
  const wrong = reds.flatMap((red) =>
    wrongIn(red).flatMap((what) =>
      what
        ? [`${what}: ${red.way}, ${red.before}, ${red.phase} ${JSON.stringify({ ...red.inputs, ...red.weather })}`]
        : [],
    ),
  );
  expect(wrong).toEqual([]);
  for (const [phase, weather] of WEATHERS)
    expect(reds.some((red) => red.phase === phase && red.weather === weather)).toBe(true);
});
