/**
 * Checks the TDS server with clients that need more than npm: FreeTDS' `tsql` and python-tds, each where it is installed.
 * Run: `node __tests__/simulator/tds/other-clients.ts` (Debian: apt-get install freetds-bin python3-tds).
 */
import { spawn } from 'node:child_process';
import { tdsLab } from './lab.ts';

const QUERY = "SELECT Id, Name FROM Clients WHERE Name LIKE 'F%'";
const SET_UP =
  "IF OBJECT_ID('Clients') IS NULL CREATE TABLE Clients (Id int PRIMARY KEY, Name nvarchar(50), At datetime2); DELETE FROM Clients; INSERT Clients VALUES (7, N'FreeTDS ü', SYSUTCDATETIME())";

const PYTHON = (port: number, ca: string) => `
import pytds
connect = lambda: pytds.connect(dsn='localhost', port=${port}, database='shop', user='admin123', password='p', cafile='${ca}', enc_login_only=False, validate_host=False, autocommit=True)
with connect() as connection:
    with connection.cursor() as cursor:
        cursor.execute("${SET_UP.replaceAll('"', '\\"')}")
        cursor.execute("SELECT Id, Name FROM Clients WHERE Id = %s", (7,))
        print(cursor.fetchall())
        cursor.execute("SELECT COUNT(*), SYSUTCDATETIME(), CAST(1 AS bit) FROM Clients")
        print(cursor.fetchall())
        try:
            cursor.execute("SELECT * FROM Nowhere")
        except pytds.Error as error:
            print(error)
`;

const lab = await tdsLab();
const { port } = lab.tds;
let failures = 0;
await check(
  'FreeTDS tsql',
  ['tsql', '-H', 'localhost', '-p', String(port), '-U', 'admin123', '-P', 'p', '-D', 'shop'],
  `${SET_UP}\ngo\n${QUERY}\ngo\nSELECT * FROM Nowhere\ngo\nSELECT program_name FROM sys.dm_exec_sessions WHERE session_id = @@SPID\ngo\nexit\n`,
  ['FreeTDS ü', 'Invalid object name', 'TSQL'],
);
await check('python-tds', [process.env.PYTHON ?? 'python3', '-c', PYTHON(port, lab.certificateFile)], '', [
  "(7, 'FreeTDS ü')",
  'datetime.datetime',
  'Invalid object name',
]);
await lab.close();
process.exitCode = failures === 0 ? 0 : 1;

async function check(
  name: string,
  [command = '', ...args]: string[],
  input: string,
  expected: readonly string[],
): Promise<void> {
  const output = await runCommand(command, args, input);
  if (output === undefined || output.includes('No module named')) {
    console.log(`${name}: not installed`);
    return;
  }
  const missing = expected.filter((text) => !output.includes(text));
  if (missing.length > 0) failures += 1;
  console.log(missing.length === 0 ? `${name}: well` : `${name}: no "${missing.join('", "')}" in\n${output}`);
}

function runCommand(command: string, args: string[], input: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...process.env, TDSVER: '7.4', LC_ALL: 'C.UTF-8' } });
    const timer = setTimeout(() => child.kill(), 20_000);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', () => {
      clearTimeout(timer);
      resolve(undefined);
    });
    child.on('close', () => {
      clearTimeout(timer);
      resolve(output);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
