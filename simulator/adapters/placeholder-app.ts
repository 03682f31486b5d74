/**
 * What App Service serves in a slot that never got any content: its own page at `/`, and nothing else. Run as a
 * process like any app.
 */
import { createServer } from 'node:http';

const PAGE =
  '<!DOCTYPE html><html><head><title>Microsoft Azure App Service - Welcome</title></head><body><h1>Your web app is running and waiting for your content</h1></body></html>';

createServer((request, response) => {
  const found = request.url === '/' || request.url === '/hostingstart.html';
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/html' });
  response.end(found ? PAGE : 'The resource you are looking for has been removed.');
}).listen(process.env.PORT);
