import { afterEach } from '@jest/globals';
import { type ContentEngine, contentEngine } from '../../../simulator/content/engine.ts';
import { contentStore } from '../../../simulator/content/store.ts';
import type { TdsOutcome, TdsValue } from '../../../simulator/tds/handler-contract.ts';

export interface Lab {
  readonly engine: ContentEngine;
  /** Contents that come from others. */
  readonly origins: Record<string, { contentId: string; at: number }>;
  /** Runs a batch and gives the rows of its last result as objects; throws what went wrong. */
  sql(text: string, parameters?: Record<string, TdsValue>, where?: Where): Record<string, TdsValue>[];
  /** Runs a batch and gives everything. */
  outcome(text: string, parameters?: Record<string, TdsValue> | undefined, where?: Where): TdsOutcome;
}

export interface Where {
  readonly content?: string;
  readonly session?: number;
  readonly now?: number;
  readonly isReadOnly?: boolean;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A content engine of its own. */
export function lab(): Lab {
  const origins: Lab['origins'] = {};
  const engine = contentEngine(contentStore((id) => origins[id]));
  closers.push(() => engine.close());
  const outcome: Lab['outcome'] = (text, parameters, where = {}) =>
    engine.runNow(where.content ?? 'c1', caller(where), text, parameters, where.now ?? 1000);
  return {
    engine,
    origins,
    outcome,
    sql(text, parameters, where) {
      const { parts } = outcome(text, parameters, where);
      const fault = parts.find((part) => part.kind === 'fault');
      if (fault?.kind === 'fault') throw new Error(`${fault.number} ${fault.message}`);
      const rows = parts.findLast((part) => part.kind === 'rows');
      if (rows?.kind !== 'rows') return [];
      return rows.rows.map((row) =>
        Object.fromEntries(rows.columns.map((column, place) => [column.name, row[place] ?? null])),
      );
    },
  };
}

export function caller(where: Where) {
  return {
    sessionId: where.session ?? 1,
    database: 'shop',
    isReadOnly: where.isReadOnly ?? false,
    login: 'l',
    user: 'dbo',
    hostName: 'h',
    programName: 'p',
  };
}
