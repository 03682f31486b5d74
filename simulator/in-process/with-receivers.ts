import type { Ports } from '../../src/ports.ts';
import type { Receiver } from '../model/receiver.ts';

/** The ports with receivers of webhooks beside Azure, in virtual time. */
export function withReceivers(...receivers: readonly Receiver[]): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    async send(request, signal) {
      const told = receivers.find(({ url }) => url === request.url);
      if (told === undefined) return ports.send(request, signal);
      const body = typeof request.body === 'string' ? request.body : '';
      const { status, headers, afterMs } = told.reply({ headers: request.headers, body });
      const { timeoutMs = 900_000 } = request;
      await ports.clock.sleep(Math.min(afterMs ?? timeoutMs, timeoutMs), signal);
      if (afterMs === undefined || afterMs >= timeoutMs) throw new Error(`no answer within ${timeoutMs} ms`);
      return { status, headers, body: new Uint8Array() };
    },
  });
}
