import { ContentProblem, unknownSql } from '../problem.ts';
import type { Expression } from '../syntax/ast.ts';
import type { Statement } from '../syntax/statements.ts';
import type { Runner } from './runner.ts';
import { valueNow } from './statement.ts';

/** RAISERROR: up to severity 10 a message, above it an error that does not end anything. */
export function raise(runner: Runner, of: Statement & { kind: 'raiserror' }): void {
  const [message, severity, state, ...args] = of.args.map((one) => valueNow(runner, one));
  if (typeof message !== 'string') throw unknownSql('RAISERROR with the number of a message');
  const text = formatted(
    message,
    args.map((one) => (one === null || one === undefined ? '(null)' : String(one))),
  );
  const level = Number(severity ?? 16);
  if (level <= 10) {
    runner.parts.push({ kind: 'message', text });
    return;
  }
  if (level > 18)
    throw new ContentProblem(
      2754,
      'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
    );
  const problem = problemOf(50000, text, level, Number(state ?? 1));
  problem.isRaised = true;
  if (of.options.includes('SETERROR')) runner.env.state.error = 50000;
  throw problem;
}

/** `%s`, `%d`, `%5.2s`. */
function formatted(text: string, args: string[]): string {
  return text.replace(
    /%([-+ 0#]*)(\d+)?(?:\.(\d+))?l?([sdiuxXo%])/g,
    (_all, flags: string, width: string | undefined, precision: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const given = args.shift() ?? '(null)';
      const value =
        kind === 'x'
          ? Number(given).toString(16)
          : kind === 'X'
            ? Number(given).toString(16).toUpperCase()
            : kind === 'o'
              ? Number(given).toString(8)
              : given;
      const cut = kind === 's' && precision !== undefined ? value.slice(0, Number(precision)) : value;
      if (width === undefined) return cut;
      return flags.includes('-')
        ? cut.padEnd(Number(width))
        : cut.padStart(Number(width), flags.includes('0') ? '0' : ' ');
    },
  );
}

function problemOf(number: number, message: string, severity: number, state: number): ContentProblem {
  const problem = new ContentProblem(number, message, severity, 'statement');
  return Object.assign(problem, { fault: { ...problem.fault, state } });
}

/** `THROW 50001, 'message', 1`. */
export function throwError(runner: Runner, args: readonly Expression[]): void {
  const [number, message, state] = args.map((one) => valueNow(runner, one));
  if (args.length !== 3) throw new SyntaxError('THROW');
  if (Number(number) < 50000)
    throw new ContentProblem(
      35100,
      `Error number ${Number(number)} in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.`,
    );
  const problem = problemOf(Number(number), String(message ?? ''), 16, Number(state ?? 1));
  problem.isThrown = true;
  throw problem;
}

/** `THROW` in CATCH: the same error again. */
export function rethrow(runner: Runner): void {
  const { caught } = runner.env.state;
  if (caught === undefined)
    throw new ContentProblem(
      10704,
      'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
      15,
    );
  const problem = problemOf(caught.number, caught.message, caught.severity, caught.state);
  problem.isThrown = true;
  problem.procedure = caught.procedure;
  throw problem;
}
