import { Connection, Request } from 'tedious';

/** Stands in for sqlcmd where that is not installed: `-d <database> -Q <batch>`, at the simulator's address. */
const { argv } = process;
const optionOf = (name: string) => argv[argv.indexOf(name) + 1];
const { SQLCMDUSER: userName = '', SQLCMDPASSWORD: password = '', SQL_PORT: port = '1433' } = process.env;
const connection = new Connection({
  server: 'localhost',
  authentication: { type: 'default', options: { userName, password } },
  options: { port: Number(port), database: optionOf('-d') ?? 'master', encrypt: true, trustServerCertificate: true },
});
connection.connect((refused) => {
  if (refused) throw refused;
  const request = new Request(optionOf('-Q') ?? '', (failed) => {
    connection.close();
    if (!failed) return;
    process.stderr.write(`${failed.message}\n`);
    process.exitCode = 1;
  });
  request.on('row', (columns: { value: unknown }[]) => {
    const texts = columns.map(({ value }) => (value instanceof Date ? value.toISOString() : String(value)));
    process.stdout.write(`${texts.join(' ')}\n`);
  });
  connection.execSqlBatch(request);
});
