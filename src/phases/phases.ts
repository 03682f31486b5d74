import type { PhaseName } from '../settings/phases.ts';
import { cleanup } from './cleanup.ts';
import { clone } from './clone.ts';
import { complete } from './complete.ts';
import { deploy } from './deploy.ts';
import type { Phase } from './phase.ts';
import { preflight } from './preflight.ts';
import { readOnly } from './read-only.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { switchPhase } from './switch.ts';
import { validate } from './validate.ts';

/** Every phase by its name. */
export const phaseNamed: Readonly<Record<PhaseName, Phase>> = {
  preflight,
  clone,
  'read-only': readOnly,
  switch: switchPhase,
  deploy,
  validate,
  complete,
  cleanup,
  rollback,
  status,
};
