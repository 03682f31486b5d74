import { request } from 'node:http';

/**
 * One warm-up request, plain http straight to the process, without X-Forwarded-Proto, as App Service sends it before a
 * swap. Answers its status; undefined when no answer came.
 * https://learn.microsoft.com/azure/app-service/deploy-staging-slots#specify-custom-warm-up
 */
export function warmUp(
  to: { readonly port: number; readonly host: string; readonly path: string },
  signal: AbortSignal,
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const sent = request({
      host: '127.0.0.1',
      port: to.port,
      path: to.path,
      agent: false,
      signal,
      headers: { host: to.host, 'user-agent': 'SiteWarmup' },
    });
    sent.once('response', (answer) => {
      answer.resume();
      answer.once('close', () => resolve(answer.complete ? answer.statusCode : undefined));
    });
    sent.once('error', () => resolve(undefined));
    sent.end();
  });
}
