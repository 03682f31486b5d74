import { failureText } from '../../../src/summary/failure.ts';
import { outputsOf } from '../../../src/summary/outputs.ts';
import { reportFile } from '../../../src/summary/report-file.ts';
import { summaryOf } from '../../../src/summary/summary.ts';
import { databases, slots } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** The world's own secrets are known here; what was masked in the log is masked by the runner in nothing else. */
export const secretsStayInside: Invariant = {
  name: 'secrets-stay-inside',
  holds: 'No secret appears in any output, log, summary, tag or error.',
  watch({ world }) {
    const passwords = Object.values(world.sql.servers).map((server) => server.administratorPassword);
    // Who may do something in Azure; the identity of an app is shown by every list of sessions.
    const deployers = Object.entries(world.principals).filter(([, { roles }]) => roles.length > 0);
    const secrets = [...passwords, ...deployers.map(([clientId]) => clientId)];
    const leakIn = (where: string, text: string) => {
      const found = secrets.find((secret) => text.includes(secret)) ?? /[?&](s|sig)=[\w%-]{8,}/.exec(text)?.[0];
      return found && `${where} shows a secret (${found.slice(0, 6)}…)`;
    };
    return {
      ran({ report, lines }, postLines) {
        for (const line of [...lines, ...postLines]) {
          const leak = leakIn('the log', line);
          if (leak) return `${leak}: ${line}`;
        }
        const tags = [...databases(world), ...slots(world)].map((each) => JSON.stringify(each.tags)).join();
        return (
          leakIn('a tag', tags) ??
          (report &&
            (leakIn('the summary', summaryOf(report)) ??
              leakIn('the report', reportFile(report)) ??
              leakIn('an output', JSON.stringify(report.result ? outputsOf(report.result) : {})) ??
              leakIn('the error', report.failure ? failureText(report.headline, report.failure) : '')))
        );
      },
    };
  },
};
