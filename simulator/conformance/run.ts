import { messageOf } from '../../src/errors.ts';
import type { Azure, Exchange } from './azure.ts';
import { checks } from './checks.ts';
import { cleaned } from './clean.ts';
import { compareWithModel, type Difference } from './compare.ts';
import { makePlace, type Place, removePlace, type Spot, sweep } from './place.ts';

/** What one run saw. */
export interface Seen {
  readonly facts: readonly Fact[];
  readonly differences: readonly Difference[];
  readonly traffic: readonly Exchange[];
  /** Resource groups that earlier runs had left behind. */
  readonly swept: readonly string[];
}

export interface Fact {
  readonly name: string;
  readonly question: string;
  readonly relied: string;
  readonly seen: string;
  /** `as relied on`, `otherwise` (a finding), or `answered` for what was open. */
  readonly verdict: 'as relied on' | 'otherwise' | 'answered' | 'not asked';
}

/** Makes a place, asks everything, removes the place whatever came of it, and compares what was heard with the model. */
export async function runConformance(
  azure: Azure,
  spot: Spot,
  compare: typeof compareWithModel = compareWithModel,
): Promise<Seen> {
  const swept = await sweep(azure, spot.subscription);
  // What else is in the subscription is nobody's business.
  const own = azure.traffic.length;
  const place = await makePlace(azure, spot);
  const facts: Fact[] = [];
  try {
    for (const check of checks) facts.push(await ask(azure, place, check));
  } finally {
    await removePlace(azure, place);
  }
  const traffic = cleaned(azure.traffic.slice(own));
  const [, cleanSubscription = ''] = /\/subscriptions\/([^/]+)/.exec(traffic[0]?.url ?? '') ?? [];
  return { facts, traffic, differences: compare(traffic, cleanSubscription), swept };
}

async function ask(azure: Azure, place: Place, check: (typeof checks)[number]): Promise<Fact> {
  const { name, question, relied } = check;
  try {
    const seen = await check.ask(azure, place);
    const verdict = relied === 'open' ? 'answered' : seen.includes(relied) ? 'as relied on' : 'otherwise';
    return { name, question, relied, seen, verdict };
  } catch (error) {
    return { name, question, relied, seen: messageOf(error), verdict: 'not asked' };
  }
}
