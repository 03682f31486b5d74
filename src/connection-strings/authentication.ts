/**
 * Which identity a connection string signs in with instead of a password: `managed`, which only Azure has that runs the
 * process; `default`, any session that the process finds, the one that azure/login leaves on a runner among them. Undefined:
 * neither. https://learn.microsoft.com/sql/connect/ado-net/sql/azure-active-directory-authentication
 */
export function identityUsed(text: string): 'managed' | 'default' | undefined {
  const [, way] = /authentication\s*=\s*"?active\s*directory\s*-?(managed\s*identity|msi|default)/i.exec(text) ?? [];
  if (way === undefined) return undefined;
  return way.toLowerCase() === 'default' ? 'default' : 'managed';
}
