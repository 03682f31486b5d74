import type { Check } from '../deployment/check.ts';
import type { CopyProof } from '../deployment/copy-proof.ts';
import type { Review } from '../deployment/review.ts';
import type { Sight } from '../deployment/sight.ts';
import type { Call } from '../phases/call.ts';
import type { Act } from '../settings/act.ts';
import { type PhaseName, traitsOf } from '../settings/phases.ts';
import { seconds } from '../wait.ts';
import { callsSection } from './calls.ts';
import { checksSentence, checksTable } from './checks.ts';
import { type Failure, failureHeading, failureMarkdown } from './failure.ts';
import type { Links } from './links.ts';
import { code, codeBlock, folded, paragraphs, table, text } from './markdown.ts';
import { nextAfter, nextAfterFailure } from './next.ts';
import { type NextSwap, nextSwapSection } from './next-swap.ts';
import type { RunResult } from './outputs.ts';
import { type Overview, overviewSection } from './overview.ts';
import { prose } from './prose.ts';
import { reviewSection } from './review.ts';
import { sightSection } from './sight.ts';
import { type Whereabout, whereaboutsTable } from './whereabouts.ts';

/** What one phase of this run did. */
export interface PhaseReport {
  readonly phase: PhaseName;
  readonly outcome: 'done' | 'already' | 'planned' | 'failed';
  readonly tookMs: number;
  /** What was done, or is planned, and why; a sentence each. */
  readonly steps: readonly string[];
  /** What it would send beside looks. Only of one that is planned. */
  readonly calls?: readonly Call[] | undefined;
  /** What `preflight` and `validate` looked at. */
  readonly checks?: readonly Check[] | undefined;
  readonly review?: Review | undefined;
  /** How long it will take; a sentence. Only of one that is planned. */
  readonly expected?: string | undefined;
}

/** All that the page of a run tells. */
export interface RunReport {
  /** The state in one line; see `headlineOf`. */
  readonly headline: string;
  readonly app: string;
  readonly phases: readonly PhaseReport[];
  /** Undefined when nobody could look. */
  readonly result: RunResult | undefined;
  readonly whereabouts: readonly Whereabout[];
  /** What the next swap would make of each app; none where there is none before it. */
  readonly nextSwaps?: readonly NextSwap[] | undefined;
  /** The deployment so far, as Markdown. */
  readonly timeline?: string | undefined;
  /** What is open and what it costs; only of a run that was to tell it. */
  readonly overview?: Overview | undefined;
  /** What was seen of copies right before they were deleted. */
  readonly copies?: readonly CopyProof[] | undefined;
  /** What people should know although nothing is wrong; sentences. */
  readonly notes: readonly string[];
  /** Above all what data will be lost; sentences. */
  readonly warnings: readonly string[];
  readonly failure: Failure | undefined;
  /** The ways that the failure's advice names: one of these, each its runs in their order. */
  readonly ways: readonly (readonly Act[])[];
  readonly links: Links;
  /** How visitors were answered meanwhile; undefined when production was not asked. */
  readonly sight: Sight | undefined;
}

/** GitHub refuses a step summary of more than 1024 KiB altogether; ours stays far below, in bytes. */
const LONGEST = 512 * 1024;
const MOST_STEPS = 200;

/** The step summary of a run, as Markdown. */
export function summaryOf(report: RunReport): string {
  const whole = paragraphs(
    `## ${text(report.headline)}`,
    `**${heading(report)}**`,
    report.failure && failureMarkdown(report.failure),
    next(report),
    ...report.warnings.map((warning) => `> [!WARNING]\n> ${prose(warning)}`),
    ...report.notes.map((note) => `> [!NOTE]\n> ${prose(note)}`),
    report.overview && overviewSection(report.overview, report.links),
    report.whereabouts.length > 0 && `### Where visitors are\n\n${whereaboutsTable(report.whereabouts)}`,
    report.nextSwaps && report.nextSwaps.length > 0 && nextSwapSection(report.nextSwaps),
    report.timeline && `### The deployment so far\n\n${report.timeline}`,
    report.sight && sightSection(report.sight),
    ...report.phases.map((phase) => phaseSection(phase, report.links)),
    report.result && facts(report.result),
  );
  return shortened(whole);
}

function next({ phases, result, failure, ways, links }: RunReport): string | undefined {
  // What was only planned has not been done, and may well come next.
  const ran = phases.filter(({ outcome }) => outcome !== 'planned').map(({ phase }) => phase);
  if (failure) return nextAfterFailure(failure.next, ways, { result, links, ran });
  return result && nextAfter({ result, links, ran });
}

function heading({ phases, app, failure, result }: RunReport): string {
  const names = phases.map(({ phase }) => code(phase)).join(', ') || 'Deployment';
  const subject = app === '' ? names : `${names} on ${code(app)}`;
  if (failure) return `${subject}: ${failureHeading(failure.kind, result?.changed === true)}`;
  if (phases.every(({ outcome }) => outcome === 'planned')) return `${subject}: plan only, nothing was changed`;
  if (phases.every(({ phase }) => !traitsOf[phase].changes)) return `${subject}: nothing was changed`;
  if (phases.every(({ outcome }) => outcome === 'already')) return `${subject}: already true, nothing was changed`;
  return `${subject}: done`;
}

function phaseSection(
  { phase, outcome, tookMs, steps, calls, checks, review, expected }: PhaseReport,
  links: Links,
): string {
  const words = {
    done: 'done in',
    // Of one that never changes anything it would be odd to say that it was true already.
    already: traitsOf[phase].changes ? 'already true; looked for' : 'looked for',
    planned: 'planned in',
    failed: 'stopped after',
  };
  return paragraphs(
    `### ${code(phase)}: ${words[outcome]} ${seconds(tookMs)}`,
    expected && text(expected),
    checks && checks.length > 0 && checksSection(phase, checks),
    review && reviewSection(review, links),
    steps.length > 0 &&
      (outcome === 'planned'
        ? `What would be done, and why:\n\n${stepsBlock(steps)}`
        : folded(`What was done, and why (${steps.length})`, stepsBlock(steps))),
    calls && calls.length > 0 && callsSection(calls),
  );
}

/** A long list of what is as it should be hides the one line that needs somebody. */
function checksSection(phase: PhaseName, checks: readonly Check[]): string {
  if (traitsOf[phase].forReviewers) return `${checksSentence(checks)}\n\n${checksTable(checks)}`;
  const passed = checks.filter(({ verdict }) => verdict === 'passed');
  const others = checks.filter(({ verdict }) => verdict !== 'passed');
  return paragraphs(
    checksSentence(checks),
    others.length > 0 && checksTable(others),
    passed.length > 0 && folded(`What passed (${passed.length})`, checksTable(passed)),
  );
}

function stepsBlock(steps: readonly string[]): string {
  const shown = steps.slice(0, MOST_STEPS).map((step, index) => `${index + 1}. ${step}`);
  const more = steps.length > MOST_STEPS ? [`… and ${steps.length - MOST_STEPS} more, in the log.`] : [];
  return codeBlock([...shown, ...more]);
}

function facts(result: RunResult): string {
  const clones = Object.entries(result.cloneDatabases).map(
    ([original, clone]) => `${code(original)} &rarr; ${code(clone)}`,
  );
  const rows: (readonly [string, string | undefined])[] = [
    ['Deployment', result.deploymentId && code(result.deploymentId)],
    ['State', result.state === undefined ? 'could not be looked at' : code(result.state)],
    ['Clones', clones.join('<br>')],
    ['Snapshot', result.snapshotTimestamp && text(snapshotText(result.snapshotRequestedAt, result.snapshotTimestamp))],
    ['Rollback point', result.rollbackPoint && text(result.rollbackPoint)],
    ['Read-only window', result.readOnlySeconds === undefined ? undefined : seconds(result.readOnlySeconds * 1000)],
    ['Candidate', result.validationUrl && `${code(result.candidateSlot ?? '')} at ${text(result.validationUrl)}`],
    ['Production', result.productionUrl && text(result.productionUrl)],
  ];
  const known = rows.filter((row): row is readonly [string, string] => !!row[1]);
  return folded('Names, instants and addresses', table(['', ''], known));
}

/** The content of a clone dates from somewhere inside. */
function snapshotText(requestedAt: string | undefined, completedAt: string): string {
  if (requestedAt === undefined) return `before ${completedAt}`;
  const length = seconds(Date.parse(completedAt) - Date.parse(requestedAt));
  return `taken between ${requestedAt} and ${completedAt} (within ${length})`;
}

/** Cuts at the end of a line, so that at most the last part suffers. */
function shortened(whole: string): string {
  const bytes = Buffer.from(whole, 'utf8');
  if (bytes.length <= LONGEST) return `${whole}\n`;
  const cut = bytes.subarray(0, LONGEST).toString('utf8');
  return `${cut.slice(0, cut.lastIndexOf('\n'))}\n\nThe rest was cut off; the log has it all.\n`;
}
