import type { Change, Scene } from '../apply/scene.ts';
import type { Check } from '../summary/checks.ts';

/** All checks side by side, as one table. Only reads. */
export async function checkEverything(_scene: Scene): Promise<Change> {
  const report: Check[] = [];
  return { report };
}
