import type { SlotSettings } from '../azure/slot-settings.ts';
import { candidateOf, focusOn } from '../deployment/companions.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { candidateSlot } from '../deployment/slots.ts';
import { serving, stageOf } from '../deployment/stage.ts';
import { settingsAfterSwap, simulateSwap } from '../swap/simulate.ts';
import { code, paragraphs, table, text } from './markdown.ts';
import { databasesOf, holdsOf } from './whereabouts.ts';

/** What the next swap would make of an app: the simulation by which the action itself decides. */
export interface NextSwap {
  /** The phase that swaps. */
  readonly by: 'switch' | 'complete';
  /** `production`, with the app before it where there are several. */
  readonly into: string;
  readonly source: string;
  /** What visitors would get, and what production's databases would be. */
  readonly holds: string;
  readonly databases: readonly string[];
  /** Whether visitors can write there. */
  readonly writes: boolean;
  /** The same of what they have now. */
  readonly before: { readonly holds: string; readonly databases: readonly string[] };
  /** Why it would be refused as things are; empty when it would not. */
  readonly refused: readonly string[];
}

/** The next swap of each app; none where the deployment has none before it. */
export function nextSwaps(observed: Observed): readonly NextSwap[] {
  const { record } = observed;
  if (record === null || record.intent !== undefined) return [];
  const stage = stageOf(observed, record);
  if (stage === 'read-only-ready')
    return [
      ...swapOf(observed, 'switch', observed.readonlySlot, ''),
      ...observed.companions.flatMap((companion) =>
        swapOf(focusOn(observed, companion), 'switch', companion.look.readonlySlot, `${companion.key}: `),
      ),
    ];
  if (serving(observed) !== 'read-only-copy' || candidateSlot(observed) === null) return [];
  return [
    ...swapOf(observed, 'complete', candidateSlot(observed), ''),
    ...observed.companions.flatMap((companion) =>
      swapOf(focusOn(observed, companion), 'complete', candidateOf(observed, companion), `${companion.key}: `),
    ),
  ];
}

function swapOf(observed: Observed, by: NextSwap['by'], source: Slot | null, app: string): NextSwap[] {
  if (source === null) return [];
  const { production, record } = observed;
  const after: Slot = { ...source, ...(settingsAfterSwap(observed, source) satisfies SlotSettings) };
  return [
    {
      by,
      into: `${app}production`,
      source: source.name,
      holds: holdsOf(observed, source),
      databases: databasesOf(observed, after),
      writes: by === 'complete' || record?.mode === 'read-write',
      before: { holds: holdsOf(observed, production), databases: databasesOf(observed, production) },
      refused: simulateSwap(observed, source),
    },
  ];
}

/** Before and after the swap, and what is in its way. */
export function nextSwapSection(swaps: readonly NextSwap[]): string {
  const rows = swaps.flatMap(({ into, source, holds, databases, writes, before }) => [
    [code(into), text(before.holds), databaseText(before.databases), ''],
    [
      `&rarr; swapped with ${code(source)}`,
      `**${text(holds)}**`,
      databaseText(databases),
      writes ? 'can write' : 'can read, and not write',
    ],
  ]);
  const refused = swaps.flatMap((swap) => swap.refused);
  return paragraphs(
    `### What ${code(swaps[0]?.by ?? '')} would make of it`,
    table(['', 'Visitors get', 'Database', 'Visitors then'], rows),
    refused.length > 0 && `It would be refused now: ${refused.map(text).join(' ')}`,
  );
}

function databaseText(databases: readonly string[]): string {
  return databases.length > 0 ? databases.map(text).join(', ') : 'none';
}
