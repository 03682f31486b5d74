import { type SqlConnection, SqlError, type SqlTarget } from '../../src/ports.ts';
import { sql } from '../../src/system/sql.ts';

/**
 * A process of its own, because Node reads NODE_EXTRA_CA_CERTS only at its start: asks the server at the given port
 * with every type of parameter, then a statement that it refuses, and prints what came back as JSON.
 */
const [port = '', database = '', host = 'localhost', encrypt = ''] = process.argv.slice(2);

async function ask(connection: SqlConnection) {
  const [row] = await connection.query('SELECT everything', {
    text: "O'Neil ü",
    whole: 7,
    broken: 1.5,
    large: 9_007_199_254_740_993n,
    yes: true,
    when: new Date('2026-01-02T03:04:05.678Z'),
    nothing: null,
  });
  const refused = await connection.query('REFUSE').catch(numberAndMessage);
  const both = await Promise.all([connection.query('SELECT first'), connection.query('SELECT second')]);
  await connection.close();
  const closed = await connection.query('SELECT late').catch(numberAndMessage);
  return { row, refused, both, closed };
}

function numberAndMessage(error: unknown) {
  if (!(error instanceof SqlError)) throw error;
  const { numbers, message, noConnection } = error;
  return { numbers, message, ...(noConnection ? { noConnection } : {}) };
}

const target: SqlTarget = {
  host,
  port: Number(port),
  database,
  programName: 'zdd-action',
  ...(encrypt === 'strict' ? { encrypt: 'strict' } : {}),
  login: { kind: 'token', token: 'the-token' },
};
const outcome = await sql.connect(target).then(ask, numberAndMessage);
console.log(JSON.stringify(outcome));
