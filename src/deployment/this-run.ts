import type { AzureSaid, Stop } from '../errors.ts';
import type { Check } from './check.ts';
import type { CopyProof } from './copy-proof.ts';
import type { Review } from './review.ts';

/** What this run has done and seen itself, beyond what a look at Azure can show. Grows by whole replacements, never in place. */
export interface ThisRun {
  /** Steps that did their work in this run and were not made void since: what is not to be seen in Azure is not done again. */
  readonly done: readonly Done[];
  /** Proven instances by slot name: the marker that was proven, '' for a live build that has none. */
  readonly proven: Readonly<Record<string, string>>;
  /** Instances that were seen healthy where they are, by slot name: enough to end a deploy, not to send visitors there. */
  readonly started: Readonly<Record<string, string>>;
  /** A build that was started and did not become healthy, and what to say about it. */
  readonly didNotStart?: { readonly slot: string; readonly stop: Stop };
  /** A read-only copy that was seen on an original, or not seen where it has to be, and what to say about it. */
  readonly astray?: { readonly slot: string; readonly stop: Stop };
  /** Whether the read-only copy, when it was proven, was not seen at work in every clone. */
  readonly copyUnseen?: boolean;
  /** Processes that were in the originals before the read-only copy was started, or last proven: host name and process id. */
  readonly presentBefore?: readonly string[];
  /** The sha256 of what was uploaded, by slot name. */
  readonly uploaded: Readonly<Record<string, string>>;
  /** How production's build showed itself before this run copied it. */
  readonly copiedRelease?: string | undefined;
  /** How Azure answered this run's request for a copy, by clone; refused: another copy of the same database was under way. */
  readonly copies: Readonly<Record<string, 'accepted' | 'refused'>>;
  /** The attempt that this run began. */
  readonly begun?: number;
  /** Number of the swap intent that this run wrote. */
  readonly intended?: number;
  /** Number of the swap intent that this run sent, and how its own poll ended. */
  readonly posted?: {
    readonly number: number;
    readonly ended: 'succeeded' | 'unknown' | AzureSaid;
    /** What Azure, or a gateway before it, answered to the request itself, where it was no success. */
    readonly said?: AzureSaid;
  };
  /** How a swap settled in this run. */
  readonly settled?: { readonly number: number; readonly outcome: 'happened' | 'did-not-happen' };
  /** How many swaps one after another Azure has ended in this run without swapping. */
  readonly unswapped?: number;
  /** When it first looked, or recorded that it asks for the swap of `switch`: what `switch-timeout` counts from. By Azure's clock. */
  readonly since?: string | undefined;
  /** It has sent visitors back to the live build: `switch` ends red then, whatever it has to look at again. */
  readonly sentBack?: true | undefined;
  /** What `switch` did not come to in its time, as a sentence, and what to do about it. */
  readonly missed?: { readonly happened: string; readonly fix: string } | undefined;
  /** Watching production: the marker that served and whether it stayed healthy. */
  readonly watched?: {
    readonly purpose: WatchPurpose;
    readonly marker: string;
    readonly healthy: boolean;
    readonly why: string;
  };
  /** How production answered when it was asked a few times; what was wrong, '' when nothing was. */
  readonly production?: string;
  /** Key of the app of which that is said, when it is not the first. */
  readonly illApp?: string | undefined;
  /** What was seen of copies right before they were deleted. */
  readonly proofs?: readonly CopyProof[];
  /** What running slots say of their version, by slot name. */
  readonly versions?: Readonly<Record<string, string>>;
  /** What a management lock kept from being deleted, by name, in Azure's words. */
  readonly locked: Readonly<Record<string, string>>;
  /** Path of the file with what is lost with the copies. */
  readonly lostWrites?: string;
  /** What preflight or validate looked at. */
  readonly report?: readonly Check[];
  /** Production and the candidate side by side, for reviewers. */
  readonly review?: Review;
  /** What the proofs of this run could not tell, though nothing spoke against it; sentences, each once. */
  readonly unproven: readonly string[];
  /** The same of each app that moves together with the first, by its key. */
  readonly companions?: Readonly<Record<string, ThisRun>>;
  /** An instance that could not be proven, where that must not leave some of several apps moved. */
  readonly notProven?: { readonly slot: string; readonly stop: Stop };
  readonly verdictGiven?: { readonly of: string; readonly result: 'passed' | 'failed' };
}

/** A kind of step, and the name of the slot or database that it worked on; '' when it has none. */
export interface Done {
  readonly kind: string;
  readonly subject: string;
}

export type WatchPurpose = 'after-switch' | 'soak';

export const freshRun: ThisRun = {
  done: [],
  proven: {},
  started: {},
  uploaded: {},
  copies: {},
  unproven: [],
  locked: {},
};
