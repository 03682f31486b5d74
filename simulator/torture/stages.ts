import { IMAGE } from './facts.ts';
import type { Allowance } from './invariant.ts';
import type { Scenario } from './scenarios.ts';

/** Stages that must not end green: their build is unhealthy, nobody has validated it, or the world does not allow it. */
export function mustEndRed(stage: string): boolean {
  return (
    [
      'deploy:dead',
      'deploy:half',
      'status:forgotten',
      'complete:withdrawn',
      'complete:early',
      'read-only:astray',
      'validate:failing',
    ].includes(stage) || stage.endsWith(':refused')
  );
}

/** What a stage entitles to besides its scenario. */
export function stageAllows(stage: string): readonly Allowance[] {
  if (mustEndRed(stage)) return ['red'];
  // Once visitors are back its next run changes nothing: a mirror that lags behind is for the next phase that changes something.
  return stage === 'status:overdue' ? ['different'] : [];
}

/** How long one waits before a stage begins, in milliseconds. */
export function waitsBefore(stage: string): number | undefined {
  return /:(overdue|forgotten)$/.test(stage) ? 180_000 : undefined;
}

/** What a stage adds to the inputs. */
function stageInputs(stage: string): Record<string, string> {
  const [phase = '', variant] = stage.split(':');
  switch (variant) {
    case undefined:
      return { phase };
    case 'code':
      return { phase, 'rollback-scope': 'code' };
    case 'auto':
      return { phase, 'rollback-scope': 'auto' };
    case 'database':
      return { phase, 'rollback-scope': 'code-and-database' };
    case 'lossy':
      return { phase, 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };
    case 'fixed':
    case 'unhealthy':
    case 'dead':
      return { phase, package: `/packages/${variant}.zip` };
    case 'half':
      return { phase, 'migrate-command': './migrate-half' };
    case 'failing':
      return { phase, 'expected-version': '99' };
    case 'overdue':
    case 'forgotten':
      return { phase, 'max-read-only-minutes': '1', 'on-window-exceeded': 'rollback' };
    case 'withdrawn':
    case 'early':
    case 'astray':
    case 'refused':
      return { phase };
    default:
      throw new Error(`There is no stage ${stage}.`);
  }
}

/** What somebody who runs the phase of this stage again gives again; a build that failed is no longer wanted. */
export function inputsAgain(stage: string): Readonly<Record<string, string>> {
  const {
    phase: _phase,
    package: _package,
    'expected-version': _version,
    'migrate-command': _command,
    ...own
  } = stageInputs(stage);
  return own;
}

/** All inputs of a stage. */
export function inputsOf(scenario: Scenario, stage: string): Record<string, string> {
  const inputs = {
    'resource-group': 'rg',
    'app-name': 'web',
    package: '/packages/new.zip',
    'readonly-settings': 'SHOP_READ_ONLY=true',
    'health-path': '/health',
    'schema-version-query': 'SELECT version FROM schema_version',
    'soak-seconds': '60',
    ...withoutContradiction(scenario, stage),
    ...stageInputs(stage),
  };
  if (!scenario.runsImages || inputs.package === '') return inputs;
  return { ...inputs, package: '', image: `${IMAGE}:${stage.split(':')[1]}` };
}

/** Who asks for a restore does not say in the same breath that there is none: what `clone` recorded answers. */
function withoutContradiction({ inputs }: Scenario, stage: string): Readonly<Record<string, string>> {
  if (!/^rollback:(database|lossy)$/.test(stage)) return inputs;
  const { 'no-database-rollback': _, ...others } = inputs;
  return others;
}
