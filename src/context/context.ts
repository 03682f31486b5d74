import type { Arm } from '../azure/arm.ts';
import type { Database } from '../azure/database-shapes.ts';
import type { SecretLook } from '../azure/key-vault.ts';
import type { Server as ServerFacts } from '../azure/servers.ts';
import type { App } from '../azure/sites.ts';
import type { PackageFile } from '../deployment/build.ts';
import type { Pair, Server } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import type { Behind } from './behind.ts';
import type { Databases } from './databases.ts';
import type { EarlyAnswers } from './early-answers.ts';
import type { Eyes } from './eyes.ts';
import type { Lease } from './lease.ts';

/** What does not change between two looks of one run, so that it is found out once. */
export interface Known {
  /** Of the deployment, the first one first. */
  servers?: KnownServers;
  deploymentId?: string;
  /** Servers of the app's resource group, asked for before it is known which is wanted. */
  serversInGroup?: Promise<readonly ServerFacts[]>;
  /** Ids of slots that were there at the last look: all of one is asked for at once. */
  readonly slots: Set<string>;
  /** What was read of single databases in this turn, by databaseId, with the list's entry at that time. */
  readonly databases: Map<string, { readonly listed: Database; readonly read: Database }>;
  /** Databases that the last look read one by one, and those that it could look into: the next one asks for all of it at once. */
  asked: readonly { readonly serverId: string; readonly name: string }[];
  inside?: { readonly settings: Settings; readonly pairs: readonly Pair[] };
  /** Databases that this run has asked for: a list may show them only minutes later. */
  readonly made: Set<string>;
  /** Those of them that are there and that the list of the last look did not show: nor would it show a rival of the same age. */
  unlisted: readonly string[];
  /** The last list of a server's databases that several waits share, by the server's id, and when it was asked for. */
  readonly listings: Map<string, { readonly at: number; readonly databases: Promise<readonly Database[]> }>;
  /** What was recorded since a look, with the record that this look saw, and the writing itself: one at a time. */
  recorded?: { readonly since: DeploymentRecord | null; readonly fields: Partial<DeploymentRecord> };
  recording?: Promise<unknown>;
  /** What was read of Key Vaults, by the text of the reference. */
  readonly secrets: Map<string, Promise<SecretLook>>;
  /** Names of the firewall rules that this run opened and closes itself at its end. */
  readonly openedRules: Set<string>;
}

export type KnownServers = readonly [KnownServer, ...KnownServer[]];

/** Where to sign in to a server, and what Azure says of it. */
export interface KnownServer {
  readonly server: Server;
  readonly facts: ServerFacts;
}

/** What a phase works with: the user's settings, the ports, and the ways to Azure. Built once a run. */
export interface Context {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly arm: Arm;
  readonly app: App;
  readonly known: Known;
  readonly databases: Databases;
  /** The lease of this deployment, taken before the first change. */
  readonly lease: Lease;
  /** What is recorded in the journal comes to the databases by and by. */
  readonly behind: Behind;
  /** Watches production beside everything else. */
  readonly eyes: Eyes;
  /** Asks the instance that visitors are about to be sent to before its proof begins. */
  readonly early: EarlyAnswers;
  /** The zip file of the new build. Null when no input gives one: other builds are looked up with the rest. */
  readonly newBuild: PackageFile | null;
  /** Those of the apps that move together with this one, by {@link appKey}. */
  readonly newBuilds: ReadonlyMap<string, PackageFile | null>;
  readonly signal: AbortSignal;
}
