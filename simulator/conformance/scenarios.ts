import type { Narrator } from '../demo/narrator.ts';
import type { RunRecord } from '../demo/run-record.ts';
import type { Scenario } from '../demo/scenarios.ts';
import { playScenario } from '../demo/story.ts';
import type { Azure } from './azure.ts';
import type { Spot } from './place.ts';
import { openStage, type Whereabouts } from './stage.ts';

/** A small plan serves so many, with room left for two slots more. */
const READS_PER_SECOND = 20;
const WRITES_PER_SECOND = 2;

interface Staging {
  readonly azure: Azure;
  readonly at: Whereabouts;
  readonly spot: Spot;
  /** Folder of the action: its `action.yml` and `dist` as they are shipped. */
  readonly action: string;
  /** 1 on Azure itself. */
  readonly timeScale: number;
}

/** Plays the demo's scenarios one after another, each in a shop of its own, and holds each to the same promises. */
export async function playScenarios(
  { azure, at, spot, action, timeScale }: Staging,
  scenarios: readonly Scenario[],
  narrator: Narrator,
): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (const [number, scenario] of scenarios.entries()) {
    const own = { ...spot, id: `${spot.id}-${number + 1}` };
    const options = {
      ...{ scenario, action, timeScale },
      ...{ variant: undefined, interactive: false, forgetful: false, verbose: false },
      readsPerSecond: READS_PER_SECOND,
      writesPerSecond: WRITES_PER_SECOND,
    };
    const open = async () => ({ azure: await openStage(azure, at, own), keys: undefined });
    records.push(await playScenario(options, narrator, open));
  }
  return records;
}
