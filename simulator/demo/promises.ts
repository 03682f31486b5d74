import { accountFor } from './accounting.ts';
import { type Content, differencesFrom, rowsSince } from './content.ts';
import type { Check, PhaseRun } from './run-record.ts';
import type { Scenario, WorkflowStart } from './scenarios.ts';
import { coveredMs, starvedOf } from './starved.ts';
import { outcomeOf, roleOf, type Visit } from './visit.ts';
import { readOnlyWindows, type Span } from './window.ts';

/** What a run left to judge it by. */
export interface Evidence {
  readonly scenario: Scenario;
  /** A surprise of Azure was switched on. */
  readonly variant: string | undefined;
  /** The build does not know its read-only switch. */
  readonly forgetful: boolean;
  readonly from: number;
  readonly until: number;
  readonly visits: readonly Visit[];
  /** When the visitors, or the simulated Azure, got no time from this machine. */
  readonly stalls: readonly Span[];
  readonly phases: readonly PhaseRun[];
  /** Ids of the orders in the production database in the end. */
  readonly stored: ReadonlySet<string>;
  readonly original: string;
  readonly starts: readonly { readonly start: WorkflowStart; readonly ended: string }[];
  /** What the step summaries said, all in one. */
  readonly announced: string;
  /** What production's `/version` said in the end. */
  readonly production: { readonly version: string; readonly database: string; readonly readOnly: boolean } | undefined;
  /** What carries a tag of ours in the end, as `kind name`. */
  readonly leftovers: readonly string[];
  readonly contents: { readonly point: Content; readonly end: Content; readonly failed: Content } | undefined;
  readonly unmodelled: readonly string[];
}

/** Holds a run against what the product promises its users. */
export function judge(evidence: Evidence): Check[] {
  const seen = evidence.variant === undefined ? calmTraffic(evidence) : disturbedTraffic(evidence);
  if (evidence.variant !== undefined) return [...seen, noOrderLost(evidence)];
  return [
    ...seen,
    orders(evidence),
    ...(evidence.scenario.opensWindow ? [beforeTheWindow(evidence), inTheWindow(evidence)] : [neverNoticed(evidence)]),
    inTheEnd(evidence),
    ...(evidence.scenario.restores ? [restored(evidence)] : []),
    nothingLeft(evidence),
    asTold(evidence),
    modelled(evidence),
  ];
}

function calmTraffic({ visits, stalls, stored, from, until }: Evidence): Check[] {
  const reads = visits.filter((visit) => visit.kind === 'read');
  const failedReads = reads.filter((visit) => outcomeOf(visit) === 'failed').length;
  const failedWrites = visits.filter((visit) => visit.kind === 'write' && outcomeOf(visit) === 'failed').length;
  const starved = starvedOf(visits, stalls).length;
  const failed = failedReads + failedWrites;
  const { longestGap: gap } = accountFor(visits, stored, from, until);
  const gapMs = Math.round(gap.until - gap.from);
  const stalledMs = Math.round(coveredMs(stalls, gap));
  return [
    {
      promise: 'No visitor saw an error.',
      held: reads.length > 0 && (failed === 0 || (failed === starved ? undefined : false)),
      seen: `${failedReads} of ${reads.length} reads failed, and ${failedWrites} orders got no honest answer.${starved > 0 ? ` ${starved} of these waited while this machine let nobody ask, or answer.` : ''}`,
    },
    {
      promise: 'The shop never stood still for a second.',
      // What this machine did not ask for, nobody can have failed to answer.
      held: gapMs < 1000 || (gapMs - stalledMs < 1000 ? undefined : false),
      seen: `The longest time without an answered read was ${gapMs} ms.${stalledMs > 0 ? ` For ${stalledMs} ms of it this machine let nobody ask, or answer.` : ''}`,
    },
  ];
}

/** A front door that cannot fail proves nothing: in a variant, visitors must see what went wrong. */
function disturbedTraffic({ visits, variant }: Evidence): Check[] {
  const reads = visits.filter((visit) => visit.kind === 'read');
  const promise = `Visitors saw what "${variant}" did.`;
  if (variant === '503-after-swap') {
    const refused = reads.filter((visit) => visit.status === 503 && visit.instance === '').length;
    return [{ promise, held: refused > 0, seen: `The front door answered ${refused} reads with 503.` }];
  }
  const slow = reads.filter((visit) => visit.ms >= 1000 || outcomeOf(visit) === 'failed');
  if (variant === 'slow-warm-up') {
    const fresh = slow.filter((visit) => visit.marker !== '').length;
    return [
      { promise, held: fresh > 0, seen: `${fresh} reads of an instance that had just arrived took a second or more.` },
    ];
  }
  const again = restartedMarkers(reads);
  return [
    {
      promise,
      held: again.length > 0 && slow.length > 0,
      seen: `${again.length} instances were replaced by a new one while they served, and ${slow.length} reads took a second or more, or failed.`,
    },
  ];
}

/** Markers behind which more than one process answered: the instance was restarted under its visitors. */
function restartedMarkers(reads: readonly Visit[]): string[] {
  const instances = new Map<string, Set<string>>();
  for (const { marker, instance } of reads) {
    if (marker === '') continue;
    instances.set(marker, (instances.get(marker) ?? new Set()).add(instance));
  }
  return [...instances].filter(([, seen]) => seen.size > 1).map(([marker]) => marker);
}

function orders(evidence: Evidence): Check {
  return isReadWrite(evidence) ? exactlyTheAnnouncedLost(evidence) : noOrderLost(evidence);
}

function noOrderLost({ visits, stored, from, until }: Evidence): Check {
  const { writes } = accountFor(visits, stored, from, until);
  return {
    promise: 'Every order that was accepted is in the database.',
    held: writes.accepted > 0 && writes.lost === 0,
    seen: `${writes.accepted} accepted, ${writes.lost} lost.`,
  };
}

function exactlyTheAnnouncedLost({ visits, stored, original, announced }: Evidence): Check {
  const accepted = visits.filter((visit) => visit.kind === 'write' && outcomeOf(visit) === 'ok');
  const toClone = accepted.filter((visit) => visit.database !== original);
  const wrong = accepted.filter((visit) => stored.has(visit.id ?? '') !== (visit.database === original));
  const said = /\blost\b/i.test(announced);
  return {
    promise: 'The orders that are lost are exactly those made on the copy, and that was announced.',
    held: toClone.length > 0 && wrong.length === 0 && said,
    seen: `${toClone.length} orders were made on the copy; ${wrong.length} orders are where they should not be; the summaries ${said ? 'said so' : 'did not say so'}.`,
  };
}

/** The copy's content is from before the switch: orders accepted in between must not fall between the two. */
function beforeTheWindow({ visits, stored, phases }: Evidence): Check {
  const copied = phases.find((phase) => phase.name === 'clone')?.until ?? Number.POSITIVE_INFINITY;
  const opened = readOnlyWindows(visits)[0]?.from ?? 0;
  const between = visits.filter(
    (visit) => visit.kind === 'write' && outcomeOf(visit) === 'ok' && visit.at > copied && visit.at < opened,
  );
  const lost = between.filter((visit) => !stored.has(visit.id ?? ''));
  return {
    promise: 'Orders made after the database was copied and before visitors moved are kept.',
    held: between.length > 0 && lost.length === 0,
    seen: `${between.length} orders were accepted in that time, ${lost.length} are lost.`,
  };
}

function inTheWindow(evidence: Evidence): Check {
  const { visits, forgetful } = evidence;
  const writes = visits.filter((visit) => visit.kind === 'write' && roleOf(visit) === 'read-only copy');
  if (isReadWrite(evidence)) {
    const accepted = writes.filter((visit) => outcomeOf(visit) === 'ok').length;
    return {
      promise: 'In read-write mode visitors go on ordering during the window.',
      held: accepted > 0 && accepted === writes.length,
      seen: `${accepted} of ${writes.length} orders were accepted by the copy.`,
    };
  }
  const by = forgetful ? 'database' : 'application';
  const refused = writes.filter((visit) => outcomeOf(visit) === 'refused' && visit.refusedBy === by).length;
  return {
    promise: forgetful
      ? 'A build that forgets to be read-only is refused by its database.'
      : 'While visitors are on the read-only copy, the shop itself refuses orders.',
    held: writes.length > 0 && refused === writes.length,
    seen: `${refused} of ${writes.length} orders were refused by the ${by}.`,
  };
}

function neverNoticed({ visits }: Evidence): Check {
  const others = visits.filter((visit) => outcomeOf(visit) !== 'ok' || roleOf(visit) !== 'live build').length;
  return {
    promise: 'Visitors never noticed: the live build answered everything.',
    held: visits.length > 0 && others === 0,
    seen: `${others} of ${visits.length} requests were answered otherwise.`,
  };
}

function inTheEnd({ production, scenario, original }: Evidence): Check {
  return {
    promise: `In the end version ${scenario.version} serves, read-write, on the original database.`,
    held: production?.version === scenario.version && production.database === original && !production.readOnly,
    seen: production
      ? `Version ${production.version} on ${production.database}, ${production.readOnly ? 'read-only' : 'read-write'}.`
      : 'Production did not answer.',
  };
}

function restored({ contents }: Evidence): Check {
  const promise = 'After the rollback the database has the content of the rollback point, row for row.';
  if (!contents) return { promise, held: false, seen: 'The contents were not recorded.' };
  const differences = differencesFrom(contents.point, contents.end, contents.failed);
  const rows = Object.values(contents.point.tables).reduce((sum, table) => sum + table.length, 0);
  const first = differences[0];
  return {
    promise,
    held: rows > 0 && differences.length === 0,
    seen: `${rows} rows compared, ${differences.length} differ${first ? ` (first: ${first.table} ${first.key} ${first.why})` : ''}; ${rowsSince(contents.point, contents.failed)} rows of the failed build are in the database that was set aside.`,
  };
}

function nothingLeft({ leftovers, scenario }: Evidence): Check {
  const wanted = leftovers.filter((name) => !(scenario.restores && /^database \S+-failed\d*$/.test(name)));
  return {
    promise: scenario.restores
      ? 'Nothing of the deployment is left but the database that was set aside.'
      : 'Nothing of the deployment is left.',
    held: wanted.length === 0 && leftovers.length - wanted.length === (scenario.restores ? 1 : 0),
    seen: leftovers.length === 0 ? 'Nothing is left.' : `Left: ${leftovers.join(', ')}.`,
  };
}

function asTold({ starts }: Evidence): Check {
  return {
    promise: 'Each workflow run ended as it should.',
    held: starts.every(({ start, ended }) => start.ends === ended),
    seen: starts.map(({ start, ended }) => `${start.kind}: ${ended}`).join(', '),
  };
}

function modelled({ unmodelled }: Evidence): Check {
  return {
    promise: 'Nothing was asked of Azure that the simulator does not know.',
    held: unmodelled.length === 0,
    seen: unmodelled.length === 0 ? 'Every request was modelled.' : unmodelled.slice(0, 5).join('; '),
  };
}

function isReadWrite({ scenario }: Evidence): boolean {
  return scenario.starts.some((start) => start.mode === 'read-write');
}
