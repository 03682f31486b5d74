import { expect, test } from '@jest/globals';
import type { Slot } from '../../src/deployment/observed.ts';
import { freshRun } from '../../src/deployment/this-run.ts';
import { phaseNamed } from '../../src/phases/phases.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import { CLONE, database, slot } from './observed.ts';
import type { Picture } from './picture.ts';
import { rows } from './rows.ts';
import { planned } from './walk.ts';

/** What each phase does in each row: `+` it has something to do, `=` nothing, `-` it refuses, `!` it stops on drift. */
const TABLE = `
             start cloned ready switched deployed validated completed rolledBack returned
preflight    +     +      +     +        +        +         +         +          +
clone        +     =      =     =        =        =         =         =          =
read-only    -     +      +     =        =        =         -         =          -
switch       -     -      +     =        =        =         -         =          -
deploy       -     -      -     +        +        +         -         +          -
validate     -     -      -     -        +        +         -         +          -
complete     -     -      -     -        -        +         =         -          =
cleanup      =     +      +     -        -        -         +         -          +
rollback     -     =      =     +        -        -         -         +          +
status       +     +      +     +        +        +         +         +          +
`;

const [head = '', ...body] = TABLE.trim().split('\n');
const columns = head.trim().split(/\s+/) as (keyof typeof rows)[];

test.each(body.map((line) => line.trim().split(/\s+/)))('%s in every row', (phase = '', ...signs) => {
  const found = columns.map((row) => signOf(planned(rows[row], phase as PhaseName)));
  expect(Object.fromEntries(columns.map((row, index) => [row, found[index]]))).toEqual(
    Object.fromEntries(columns.map((row, index) => [row, signs[index]])),
  );
});

test('every phase has its line in the table', () => {
  expect(body.map((line) => line.trim().split(/\s+/)[0])).toEqual(Object.keys(phaseNamed));
});

function signOf(text: string): string {
  if (text.startsWith('refused: ')) return '-';
  if (text.startsWith('drifted: ') || text.startsWith('failed: ')) return '!';
  return text === 'Nothing to do.' ? '=' : '+';
}

const { production } = rows.ready;

const ROUTED: readonly [PhaseName, Picture][] = [
  ['read-only', { ...rows.cloned, slots: { 'zdd-readonly': slot('zdd-readonly', { tags: { 'zdd-slot': 'yes' } }) } }],
  ['deploy', rows.switched],
  ['cleanup', rows.completed],
];

test.each<[string, Picture, PhaseName, string]>([
  [
    'cleanup while the clone serves',
    rows.switched,
    'cleanup',
    `refused: Production serves ${CLONE}: deleting it would take the site down. / Run "rollback", which brings visitors back to the live build, then "cleanup" again; or run "deploy", then "validate" and "complete".`,
  ],
  [
    'rollback of the code on a changed schema',
    rows.deployed,
    'rollback',
    'refused: The schema version of shop is 2, and the live build ran on 1: it would not run on the updated database. / Run "rollback" with rollback-scope: code-and-database, which loses nothing that visitors wrote: they have been read-only since before the rollback point; or run "rollback" with ignore-schema: true when the live build can work with them as they are.',
  ],
  [
    'complete without a verdict',
    rows.deployed,
    'complete',
    'refused: The candidate has not been validated. / Run "validate" first, or give a reason with override-validation.',
  ],
  [
    'complete with settings that changed after the verdict',
    changed(rows.validated, 'zdd-staging', { SHOP_NAME: 'Other' }),
    'complete',
    'refused: Since candidate 20260131-k7m2x/new/1 was validated there has been a change of its app settings or connection strings, or of the verdict itself. / Run "validate" again.',
  ],
  [
    'a swap out of a slot with auto-swap',
    withSlot(rows.ready, 'zdd-readonly', { autoSwapWith: 'production' }),
    'switch',
    'refused: Swapping slot zdd-readonly into production would not bring what visitors need: Slot zdd-readonly has auto-swap to production. / Fix what is listed above, then run the phase again. "preflight" shows the commands.',
  ],
  [
    'a swap into production with a preview under way',
    { ...rows.ready, production: slot('production', { ...production, previewWith: 'beta' }) },
    'switch',
    'refused: Swapping slot zdd-readonly into production would not bring what visitors need: Slot production has a pending swap preview with beta. / Fix what is listed above, then run the phase again. "preflight" shows the commands.',
  ],
  [
    'a swap into production with traffic routing',
    { ...rows.ready, production: slot('production', { ...production, routed: true }) },
    'switch',
    'refused: Swapping slot zdd-readonly into production would not bring what visitors need: Production has traffic routing rules, which pin visitors to a slot by cookie for an hour. / Fix what is listed above, then run the phase again. "preflight" shows the commands.',
  ],
  ...ROUTED.map(([phase, picture]): [string, Picture, PhaseName, string] => [
    `a slot that visitors may be routed to, in ${phase}`,
    { ...picture, production: slot('production', { ...picture.production, routed: true }) },
    phase,
    'refused: Production has traffic routing rules: a part of the visitors may be served by a slot that would be written now. / Run: az webapp traffic-routing clear --resource-group shop-rg --name shop; visitors are pinned to their slot by cookie for up to an hour. Then run the phase again.',
  ]),
  [
    'a slot of somebody else',
    { ...rows.cloned, slots: { 'zdd-readonly': slot('zdd-readonly', { tags: {} }) } },
    'read-only',
    'refused: Slot zdd-readonly exists and does not belong to this action. / Choose another name with readonly-slot or staging-slot, or give it to the action with adopt-slots: true; its settings and content will be replaced.',
  ],
  [
    'a clone that somebody deleted',
    { ...rows.ready, databases: rows.ready.databases.filter(({ database: { name } }) => name !== CLONE) },
    'switch',
    'refused: Phase switch needs an open deployment of shop, and there is none that this workflow run began. / Run "clone" first, or name the deployment with input deployment-id (or "open").',
  ],
  [
    'a database with the name of our clone',
    {
      ...rows.start,
      databases: [...rows.start.databases, { database: database(CLONE), isReadOnly: false, schema: '1' }],
    },
    'clone',
    `refused: Database ${CLONE} has the name of our clone but none of our tags, and Azure does not know that it was made by a copy. / It is left alone. Rename or delete it, then run "clone" again.`,
  ],
  [
    'somebody who swapped the copy away by hand',
    { ...rows.switched, production: rows.ready.production },
    'deploy',
    'drifted: Production should serve the read-only copy of deployment 20260131-k7m2x, but its marker is "none". / Someone swapped by hand, or wrote its settings. Swap the slot that carries 20260131-k7m2x/read-only back into production, or run "cleanup" if production is right as it is.',
  ],
])('%s', (_name, picture, phase, text) => {
  expect(planned(picture, phase)).toBe(text);
});

test.each([
  ['', 'drifted: '],
  ['GET / answered 503', 'failed: Production is not healthy: GET / answered 503. '],
])('status, when somebody swapped the copy away by hand and production says "%s"', (production, begins) => {
  const picture = { ...rows.switched, production: rows.ready.production };
  const found = 'Production should serve the read-only copy of deployment 20260131-k7m2x, but its marker is "none". / ';
  const text = planned(picture, 'status', {}, { ...freshRun, production });
  expect(text.startsWith(`${begins}${found}`)).toBe(true);
  expect(text).toContain('Swap the slot that carries 20260131-k7m2x/read-only back into production');
});

function withSlot(picture: Picture, name: string, differences: Partial<Slot>): Picture {
  return { ...picture, slots: { ...picture.slots, [name]: slot(name, { ...picture.slots[name], ...differences }) } };
}

function changed(picture: Picture, name: string, settings: Readonly<Record<string, string>>): Picture {
  return withSlot(picture, name, { appSettings: { ...picture.slots[name]?.appSettings, ...settings } });
}
