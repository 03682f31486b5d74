import { randomBytes } from 'node:crypto';
import type { Arm } from '../azure/arm.ts';
import { firewallRuleName, type OpenedRule, type SqlAccess, sqlAccess } from '../azure/sql-access.ts';
import { Stop } from '../errors.ts';
import type { Ports } from '../ports.ts';
import type { Settings } from '../settings/settings.ts';
import type { Known } from './context.ts';
import { programNameOf } from './databases.ts';

/** The ways to the databases of one run: with and without a firewall rule that we may open. */
export interface Doors {
  access(mayOpenFirewall: boolean): SqlAccess;
  close(): Promise<void>;
}

export interface DoorOptions {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly arm: Arm;
  readonly signal: AbortSignal;
  /** Told before a firewall rule is opened, so that the post step can close it. */
  readonly onOpening: (rule: OpenedRule) => void;
}

/** SQL access to the server once `observe` has found it; firewall rules are closed with the doors. */
export function doorsOf({ settings, ports, arm, signal, onOpening }: DoorOptions, known: Known): Doors {
  const opened = new Map<boolean, SqlAccess>();
  const open = (mayOpenFirewall: boolean): SqlAccess => {
    const { server, facts } = known;
    if (!server || !facts)
      throw new Stop('failed', 'The SQL server is not known yet.', 'This is a defect of the action; please report it.');
    const { sqlAccess: login, github } = settings;
    return sqlAccess({
      arm,
      sql: ports.sql,
      clock: ports.clock,
      log: ports.log,
      signal,
      server: facts,
      host: server.host,
      port: server.port,
      login: login.kind === 'connection-string' ? { user: login.user, password: login.password } : undefined,
      programName: programNameOf(github),
      mayOpenFirewall,
      ruleName: () =>
        firewallRuleName(known.deploymentId ?? '', github.runId, github.runAttempt, randomBytes(4).toString('hex')),
      onOpening(rule) {
        known.openedRules.add(rule.name);
        onOpening(rule);
      },
    });
  };
  return {
    access(mayOpenFirewall) {
      const access = opened.get(mayOpenFirewall) ?? open(mayOpenFirewall);
      opened.set(mayOpenFirewall, access);
      return access;
    },
    async close() {
      // What was done is done, and is reported; the post step closes what stays open here.
      await Promise.all(
        [...opened.values()].map((access) =>
          access.closeFirewall().catch((error: unknown) => {
            const why = error instanceof Error ? error.message : String(error);
            ports.log.warning(`The firewall is not closed yet; the post step closes it: ${why}`);
          }),
        ),
      );
    },
  };
}
