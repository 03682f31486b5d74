/** The smallest app that shows what a front door and a process keeper do to it. */
const TINY_APP = `
const http = require('node:http');
const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://app');
  if (url.pathname === '/die') process.exit(3);
  if (url.pathname === '/die-midway') {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half');
    setTimeout(() => process.exit(3), 20);
    return;
  }
  const answer = () => response.end(JSON.stringify({
    name: process.env.NAME, instance: process.env.WEBSITE_INSTANCE_ID, method: request.method, path: url.pathname,
    host: request.headers.host, forwardedFor: request.headers['x-forwarded-for'], length: length, pid: process.pid,
    database: process.env.SQLAZURECONNSTR_Shop,
  }));
  let length = 0;
  request.on('data', (chunk) => { length += chunk.length; });
  request.on('end', () => {
    if (url.pathname === '/slow') setTimeout(answer, 300);
    else answer();
  });
});
setTimeout(() => server.listen(process.env.PORT), Number(process.env.START_MS ?? 0));
process.on('SIGTERM', () => { if (process.env.STUBBORN !== '1') process.exit(0); });
`;

/** A WebJob that runs until it is stopped. */
const TINY_JOB = `setInterval(() => console.log('tick'), 20);`;

export function tinyFiles(): Record<string, Uint8Array> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    'server.js': bytes(TINY_APP),
    'package.json': bytes('{"name":"tiny","scripts":{"start":"node server.js"}}'),
    'App_Data/jobs/continuous/clock/run.js': bytes(TINY_JOB),
  };
}
