import type { ByteWriter } from './bytes.ts';
import type { TdsColumn, TdsOutcome, TdsParameter } from './handler-contract.ts';
import type { Parameter } from './parameters.ts';
import type { RpcRequest } from './rpc.ts';
import { DONE, DONE_TOKEN, writeDone, writeReturnStatus, writeReturnValue } from './tokens.ts';

/** What a procedure needs of the connection that calls it. */
interface CallingConnection {
  readonly sessionId: number | undefined;
  /** Statements of `sp_prepare` by handle. */
  readonly prepared: Map<number, string>;
  run(sql: string, parameters: Readonly<Record<string, TdsParameter>>): Promise<TdsOutcome>;
  writeParts(out: ByteWriter, outcome: TdsOutcome, token: number, isInner: boolean): void;
}

const HANDLE: TdsColumn = { name: 'handle', type: 'int' };
const STATUS: TdsColumn = { name: 'return_status', type: 'int' };

/** Runs one remote procedure call and writes all that it answers. */
export async function runRpc(
  connection: CallingConnection,
  out: ByteWriter,
  request: RpcRequest,
  hasMore: boolean,
): Promise<void> {
  const { procedure, parameters } = request;
  if (procedure === 'sp_executesql') await execute(connection, out, text(parameters[0]), parameters.slice(2));
  else if (procedure === 'sp_prepare') {
    writeReturnStatus(out, 0);
    writeReturnValue(out, 0, HANDLE, prepare(connection, text(parameters[2])));
  } else if (procedure === 'sp_prepexec') {
    const handle = prepare(connection, text(parameters[2]));
    await execute(connection, out, text(parameters[2]), parameters.slice(3));
    writeReturnValue(out, 0, HANDLE, handle);
  } else if (procedure === 'sp_execute') {
    const sql = connection.prepared.get(Number(parameters[0]?.value));
    if (sql === undefined)
      throw new Error(`there is no prepared statement with the handle ${String(parameters[0]?.value)}`);
    await execute(connection, out, sql, parameters.slice(1));
  } else if (procedure === 'sp_unprepare') {
    connection.prepared.delete(Number(parameters[0]?.value));
    writeReturnStatus(out, 0);
  } else await call(connection, out, procedure, parameters);
  writeDone(out, DONE_TOKEN.procedure, hasMore ? DONE.more : 0);
}

function prepare(connection: CallingConnection, sql: string): number {
  const handle = connection.prepared.size + 1 + (connection.sessionId ?? 0) * 1000;
  connection.prepared.set(handle, sql);
  return handle;
}

async function execute(
  connection: CallingConnection,
  out: ByteWriter,
  sql: string,
  parameters: readonly Parameter[],
): Promise<void> {
  const values: Record<string, TdsParameter> = {};
  for (const [place, parameter] of parameters.entries())
    values[parameter.name === '' ? `p${place + 1}` : parameter.name] = parameter;
  finish(connection, out, await connection.run(sql, values), parameters);
}

/** A procedure by name runs as `EXEC @return_status = name @a = @a, …`. */
async function call(
  connection: CallingConnection,
  out: ByteWriter,
  procedure: string,
  parameters: readonly Parameter[],
): Promise<void> {
  const values: Record<string, TdsParameter> = { return_status: { type: STATUS, value: null } };
  const args = parameters.map((parameter, place) => {
    const name = parameter.name === '' ? `p${place + 1}` : parameter.name;
    values[name] = parameter;
    return `${parameter.name === '' ? '' : `@${name} = `}@${name}${parameter.isOutput ? ' OUTPUT' : ''}`;
  });
  finish(
    connection,
    out,
    await connection.run(`EXEC @return_status = ${procedure} ${args.join(', ')}`, values),
    parameters,
  );
}

function finish(
  connection: CallingConnection,
  out: ByteWriter,
  outcome: TdsOutcome,
  parameters: readonly Parameter[],
): void {
  connection.writeParts(out, outcome, DONE_TOKEN.inProcedure, true);
  const failed = outcome.parts.some((part) => part.kind === 'fault');
  writeReturnStatus(out, failed ? -1 : (outcome.returnStatus ?? 0));
  if (failed) return;
  for (const [place, parameter] of parameters.entries()) {
    if (!parameter.isOutput) continue;
    writeReturnValue(out, place, parameter.type, outcome.outputs?.[parameter.name.toLowerCase()] ?? parameter.value);
  }
}

function text(parameter: Parameter | undefined): string {
  if (typeof parameter?.value !== 'string') throw new Error('a procedure call has no statement text');
  return parameter.value;
}
