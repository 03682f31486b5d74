import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Order } from './edition.ts';

/**
 * Reads an order from a form or from JSON. The id is the visitor's own when he sent one.
 * Returns a sentence when the form is wrong.
 */
export async function readOrder(request: IncomingMessage): Promise<Order | string> {
  return parseOrder(await bodyOf(request), request.headers['content-type'] ?? '');
}

function parseOrder(body: string, contentType: string): Order | string {
  let fields: Record<string, unknown>;
  try {
    fields = contentType.includes('json') ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
  } catch {
    return 'The order is not readable.';
  }
  const { id, customer } = fields;
  const productId = Number(fields.productId);
  const quantity = Number(fields.quantity ?? 1);
  if (!Number.isInteger(productId) || !Number.isInteger(quantity) || quantity < 1)
    return 'Which product, and how many?';
  return {
    id: typeof id === 'string' && id !== '' ? id : randomUUID(),
    customer: typeof customer === 'string' ? customer : 'Somebody',
    productId,
    quantity,
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
