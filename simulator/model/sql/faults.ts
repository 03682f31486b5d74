import type { SqlFault } from './state.ts';

/** An SQL Server error. */
export function fault(number: number, severity: number, message: string, state = 1): SqlFault {
  return { kind: 'fault', number, message, class: severity, state };
}

/** 40615. Source: https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors */
export function notAllowedAddress(server: string, address: string): SqlFault {
  return fault(
    40615,
    14,
    `Cannot open server '${server}' requested by the login. Client with IP address '${address}' is not allowed to access the server.  To enable access, use the Azure Management Portal or run sp_set_firewall_rule on the master database to create a firewall rule for this IP address or address range.  It may take up to five minutes for this change to take effect.`,
  );
}

export function publicAccessDenied(): SqlFault {
  return fault(
    47073,
    14,
    'Reason: An instance-specific error occurred while establishing a connection to SQL Server. Connection was denied since Deny Public Network Access is set to Yes (https://docs.microsoft.com/azure/azure-sql/database/connectivity-settings#deny-public-network-access). To connect to this server, use the Private Endpoint from inside your virtual network (https://docs.microsoft.com/azure/sql-database/sql-database-private-endpoint-overview#how-to-set-up-private-link-for-azure-sql-database).',
  );
}

export function loginFailed(user: string): SqlFault {
  return fault(18456, 14, `Login failed for user '${user}'.`);
}

/** https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication */
export function entraOnly(user: string): SqlFault {
  const why =
    'Reason: Azure Active Directory only authentication is enabled. Please contact your system administrator.';
  return fault(18456, 14, `Login failed for user '${user}'. ${why}`);
}

/** A server without Entra administrator takes no token: pnp/Microsoft365-Analytics-Insights#505 */
export function noTokens(): SqlFault {
  const words = 'The server is not currently configured to accept this token.';
  return fault(18456, 14, `Login failed for user '<token-identified principal>'. ${words}`);
}

/** https://learn.microsoft.com/azure/azure-sql/database/connectivity-settings#minimum-tls-version */
export function oldTls(): SqlFault {
  return fault(47072, 14, 'Login failed with invalid TLS version.');
}

export function cannotOpen(database: string): SqlFault {
  return fault(4060, 11, `Cannot open database "${database}" requested by the login. The login failed.`);
}

export function notAvailable(database: string, server: string, tracing: string): SqlFault {
  return fault(
    40613,
    17,
    `Database '${database}' on server '${server}' is not currently available.  Please retry the connection later.  If the problem persists, contact customer support, and provide them the session tracing ID of '${tracing}'.`,
  );
}

/** The text of 3906. */
export function readOnlyMessage(database: string): string {
  return `Failed to update database "${database}" because the database is read-only.`;
}

/** What a killed session hears; its connection ends. */
export function killed(): SqlFault {
  return fault(596, 21, 'Cannot continue the execution because the session is in the kill state.');
}

/**
 * Every error of the answer that an error comes in: a login to a database that is not there has failed as a login as well, and what
 * ALTER DATABASE says comes with 5069. https://learn.microsoft.com/sql/relational-databases/errors-events/mssqlserver-5069-database-engine-error
 */
export function inOneAnswer(error: SqlFault): readonly SqlFault[] {
  if (error.number === CANNOT_OPEN) return [error, loginFailed('<token-identified principal>')];
  if (OF_ALTER_DATABASE.has(error.number)) return [error, fault(5069, 16, 'ALTER DATABASE statement failed.')];
  return [error];
}

const CANNOT_OPEN = 4060;
/** Why ALTER DATABASE fails. */
const OF_ALTER_DATABASE: ReadonlySet<number> = new Set([1468, 5011, 5061, 5070]);
