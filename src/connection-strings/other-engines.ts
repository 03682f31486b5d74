import type { SlotSettings } from '../azure/slot-settings.ts';
import { type EngineName, isAzureSql, isOfEngine, wholeHostsIn } from './hosts.ts';
import { type Place, places } from './places.ts';

/** A setting that leads to a database of another engine than SQL Server. */
export interface OtherEngine extends Place {
  readonly engine: EngineName;
  /** Undefined: the value names none in full. */
  readonly host: string | undefined;
}

/** How their drivers write an address, and the port that they say where that of SQL Server says `Server=host,port`. */
const WRITTEN = {
  PostgreSQL: { scheme: /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:/i, port: /;\s*port\s*=\s*5432\s*(?:;|$)/i },
  MySQL: { scheme: /^(?:jdbc:)?(?:mysql|mariadb)(?:\+\w+)?:/i, port: /;\s*port\s*=\s*3306\s*(?:;|$)/i },
} as const satisfies Readonly<Record<EngineName, object>>;

/** Settings that lead to PostgreSQL or MySQL: .NET writes them as it writes SQL Server (`Server=…;Database=…`). */
export function findOtherEngines(settings: SlotSettings): readonly OtherEngine[] {
  return places(settings).flatMap(({ place, value, type }) => {
    const engine = otherEngine(value, type);
    return engine === undefined ? [] : [{ ...place, engine, host: wholeHostsIn(value)[0] }];
  });
}

/** `type` is what App Service calls the connection string. Nothing that names a host of Azure SQL is taken for anything else. */
export function otherEngine(value: string, type = ''): EngineName | undefined {
  const hosts = wholeHostsIn(value);
  const text = value.trim();
  return (['PostgreSQL', 'MySQL'] as const).find((engine) => {
    if (WRITTEN[engine].scheme.test(text)) return true;
    if (hosts.some(isAzureSql)) return false;
    const isTyped = type.toLowerCase() === engine.toLowerCase() && hosts.length > 0;
    return isTyped || hosts.some((host) => isOfEngine(engine, host)) || WRITTEN[engine].port.test(`;${text}`);
  });
}
