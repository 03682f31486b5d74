import { ByteReader } from './bytes.ts';

const REQUEST = { begin: 5, commit: 7, rollback: 8, save: 9 } as const;

/** The statement that does what a transaction manager request asks for. Source: MS-TDS 2.2.6.9. */
export function transactionStatement(payload: Buffer): string {
  const reader = new ByteReader(payload, payload.readUInt32LE(0));
  const request = reader.uint16();
  if (request === REQUEST.begin) return 'BEGIN TRANSACTION';
  const name = reader.isDone ? '' : reader.text(reader.uint8() / 2);
  if (request === REQUEST.commit) return 'COMMIT TRANSACTION';
  if (request === REQUEST.rollback) return name === '' ? 'ROLLBACK TRANSACTION' : `ROLLBACK TRANSACTION [${name}]`;
  if (request === REQUEST.save) return `SAVE TRANSACTION [${name}]`;
  throw new Error(`the transaction manager request ${request} is not modelled`);
}
