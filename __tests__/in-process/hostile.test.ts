import { expect, test } from '@jest/globals';
import { readCommand } from '../../simulator/github/workflow-commands.ts';
import { type HttpResponse, type Ports, type SqlConnection, SqlError, type SqlRow } from '../../src/ports.ts';
import { failureText } from '../../src/summary/failure.ts';
import { outputsOf } from '../../src/summary/outputs.ts';
import { type RunReport, summaryOf } from '../../src/summary/summary.ts';
import { workflowLog } from '../../src/system/log.ts';
import { begin, type Inputs } from './trial.ts';
import { writtenDuring } from './written.ts';

/** What nobody may have obeyed, in both syntaxes of the runner, with mark-up and what a terminal obeys. */
const EVIL =
  '2.0\n::stop-commands::q\r::set-output name=state::none ##[save-state name=is-post]x <img src=x> `|\u001b[2J\u202e';

const PHASES = [
  'preflight',
  'status',
  'clone',
  'read-only',
  'switch',
  'deploy',
  'validate',
  'complete',
  'status',
  'rollback',
  'cleanup',
];

/** Who says it, and the inputs with which it is heard. */
const SOURCES: Readonly<Record<string, { inputs?: Inputs; around: (ports: Ports) => Ports }>> = {
  'a program with a login to the database': {
    inputs: { 'drain-seconds': '60' },
    around: rows(/program_name/, (found, statement) =>
      /sys\.dm_exec_sessions/.test(statement)
        ? [
            ...found,
            { session_id: 99, program_name: EVIL, host_name: EVIL, host_process_id: 1, login_name: EVIL, status: 'x' },
          ]
        : found,
    ),
  },
  'the version page': {
    inputs: { 'expected-version': '2', 'smoke-paths': '/' },
    around: answers(/\/version$/, () => ({ status: 200, headers: {}, body: bytes(EVIL) })),
  },
  'the schema version': { around: rows(/schema_version/, () => [{ version: EVIL }]) },
  'an error of the database': {
    around: rows(/schema_version/, () => {
      throw new SqlError(50_000, EVIL);
    }),
  },
  'a refusal by Azure': {
    around: answers(/\/databases\/[^/?]+\?/, () => ({
      status: 409,
      headers: { 'x-ms-request-id': EVIL },
      body: bytes(JSON.stringify({ error: { code: EVIL, message: EVIL } })),
    })),
  },
  'the page of a front end': {
    around: answers(/\/slots\/[^/?]+\?/, () => ({ status: 502, headers: {}, body: bytes(`<h1>${EVIL}</h1>`) })),
  },
  'SCM, of an upload': {
    around: answers(/\/api\/deployments/, () => ({
      status: 200,
      headers: {},
      body: bytes(JSON.stringify({ status: 3, complete: true, status_text: EVIL })),
    })),
  },
  'a connection that breaks': {
    around: answers(/\/health$/, () => {
      throw new Error(EVIL);
    }),
  },
  'the place that the read-only app leads to': {
    inputs: { 'read-only-probes': 'POST /orders -> 302 /closed' },
    around: answers(/\/orders$/, () => ({ status: 302, headers: { location: `/${EVIL}` }, body: bytes('') })),
  },
};

test.each(Object.entries(SOURCES))(
  'nothing that %s says is obeyed, or more than text, wherever it comes out',
  async (_, source) => {
    const { out, result: page } = await writtenDuring(async () => {
      const trial = begin({}, { around: source.around, log: workflowLog() });
      const pages: string[] = [];
      for (const phase of PHASES) pages.push(pageOf(await trial.run(phase, source.inputs ?? {})));
      return pages.join('\n');
    });
    // It was heard at all.
    expect(page + out).toContain('stop-commands');
    const obeyed = out.split(/\r\n|\r|\n/).flatMap((line) => readCommand(line)?.name ?? []);
    expect([...new Set(obeyed)].filter((name) => !OURS.includes(name))).toEqual([]);
    expect(out).not.toContain('##[');
    expect(page.split('\n').filter((line) => OBEYED.test(line))).toEqual([]);
    expect(page).not.toMatch(/^[^`]*<img/m);
  },
);

/** What the action itself says to the runner. */
const OURS = ['add-mask', 'debug', 'endgroup', 'group', 'warning'];

/** By a terminal, or by the runner when somebody prints it. */
const OBEYED = /[\p{Cc}\u202e]|##\[|^\s*::/u;

/** All that is published beside the log: annotation, summary and outputs. */
function pageOf(report: RunReport): string {
  const outputs = report.result ? Object.values(outputsOf(report.result)) : [];
  const annotation = report.failure ? failureText(report.headline, report.failure).replaceAll(/^/gm, '`') : '';
  return [summaryOf(report).replaceAll(/```text.*?```/gs, ''), annotation, ...outputs].join('\n');
}

function answers(url: RegExp, answer: () => HttpResponse): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    send: async (request, signal) => (url.test(request.url) ? answer() : ports.send(request, signal)),
  });
}

function rows(
  statement: RegExp,
  change: (found: readonly SqlRow[], statement: string) => readonly SqlRow[],
): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    sql: {
      async connect(target): Promise<SqlConnection> {
        const connection = await ports.sql.connect(target);
        return {
          close: () => connection.close(),
          query: async (sql, parameters) =>
            statement.test(sql)
              ? change(await connection.query(sql, parameters), sql)
              : connection.query(sql, parameters),
        };
      },
    },
  });
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
