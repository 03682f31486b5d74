import type { PhaseName } from '../../src/settings/phases.ts';
import { beside, type Picture, start } from './picture.ts';
import { after } from './walk.ts';

type Inputs = Readonly<Record<string, string>>;

interface Way {
  readonly inputs: Inputs;
  readonly databases?: readonly string[];
  readonly companions?: Parameters<typeof beside>[1];
}

/** Ways to run a whole deployment that differ in what phases do. */
const WAYS: Readonly<Record<string, Way>> = {
  usual: { inputs: {} },
  'two databases': { inputs: {}, databases: ['catalog', 'shop'] },
  commands: {
    inputs: { 'migrate-command': 'npm run migrate', 'setup-command': 'npm ci', 'after-start-command': 'npm run push' },
  },
  'another app that stops': { inputs: { 'other-apps': 'admin = stop' } },
  'no restores': { inputs: { 'no-database-rollback': 'true' } },
  'a restore beforehand': { inputs: { 'prepare-rollback': 'true' }, databases: ['catalog', 'shop'] },
  'read-write': { inputs: { mode: 'read-write', 'accept-data-loss': 'true', 'readonly-settings': 'JOBS=off' } },
  'requests that write': { inputs: { 'write-probes': 'POST /ping-write -> 200' } },
  'several apps': {
    inputs: { 'other-apps': 'admin = /release/admin.zip\nsearch = read-only' },
    companions: { 'shop-rg/admin': 'build', 'shop-rg/search': 'read-only' },
  },
};

/** A phase that is run in a picture of a deployment, with the inputs of its way. */
export interface Case {
  readonly way: string;
  readonly before: string;
  readonly picture: Picture;
  readonly phase: PhaseName;
  readonly inputs: Inputs;
}

const BACK: Inputs = { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };
const CODE: Inputs = { 'rollback-scope': 'code', 'ignore-schema': 'true' };

const RUNS: readonly (readonly [PhaseName, Inputs])[] = [
  ...(['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete', 'cleanup'] as const).map(
    (phase) => [phase, {}] as const,
  ),
  ['deploy', { 'app-settings': 'SHOP_NAME=Mended' }],
  ['rollback', CODE],
  ['rollback', BACK],
  ['cleanup', { 'keep-live-build': 'true' }],
];

/** Every phase after every other one, in each way. */
export function cases(): readonly Case[] {
  return Object.entries(WAYS).flatMap(([way, { inputs, databases = ['shop'], companions }]) => {
    const begun = start(...databases);
    const pictures = Object.entries(picturesOf(companions ? beside(begun, companions) : begun, inputs));
    const runs = RUNS.filter(([, more]) => more !== BACK || restores(inputs));
    return pictures.flatMap(([before, picture]) =>
      runs.map(([phase, more]) => ({ way, before, picture, phase, inputs: { ...inputs, ...more } })),
    );
  });
}

/** After each phase of a deployment that goes well, and after each way back. */
function picturesOf(begun: Picture, inputs: Inputs): Readonly<Record<string, Picture>> {
  const then = (phase: PhaseName, from: Picture, more: Inputs = {}) => after([[phase, { ...inputs, ...more }]], from);
  const cloned = then('clone', begun);
  const ready = then('read-only', cloned);
  const switched = then('switch', ready);
  const deployed = then('deploy', switched);
  const validated = then('validate', deployed);
  const completed = then('complete', validated);
  const rolledBack = then('rollback', deployed, restores(inputs) ? BACK : CODE);
  const returned = then('complete', then('validate', rolledBack));
  return { begun, cloned, ready, switched, deployed, validated, completed, rolledBack, returned };
}

function restores(inputs: Inputs): boolean {
  return inputs['no-database-rollback'] === undefined;
}
