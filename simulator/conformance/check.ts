import type { Azure } from './azure.ts';
import type { Place } from './place.ts';

/** One fact about Azure that docs/azure.md calls open, or that a safety rule rests on. */
export interface Check {
  readonly name: string;
  readonly question: string;
  /** `open`, or what the action relies on: another answer is then a finding. */
  readonly relied: string | 'open';
  ask(azure: Azure, place: Place): Promise<string>;
}
