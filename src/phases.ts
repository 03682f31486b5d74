import { cleanup } from './phases/cleanup.ts';
import { clone } from './phases/clone.ts';
import { complete } from './phases/complete.ts';
import { deploy } from './phases/deploy.ts';
import type { Phase } from './phases/phase.ts';
import { preflight } from './phases/preflight.ts';
import { readOnly } from './phases/read-only.ts';
import { rollback } from './phases/rollback.ts';
import { status } from './phases/status.ts';
import { switchPhase } from './phases/switch.ts';
import { validate } from './phases/validate.ts';
import type { Phase as PhaseName } from './settings/choices.ts';

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
