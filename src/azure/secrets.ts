/**
 * Values of settings are mostly no secrets (`true`, `ReadOnly`), and masking those would hide the words of our own log and drop
 * outputs. Secret are those whose name says so, and those that carry a password, a key or a signature.
 */
export function isSecretSetting(name: string, value: string): boolean {
  return SECRET_NAME.test(name) || CARRIES_SECRET.test(value);
}

/** Of a connection string the opposite is taken: it is a secret unless it is plainly none, such as a word, a host or an address. */
export function isSecretConnectionString(name: string, value: string): boolean {
  return isSecretSetting(name, value) || !PUBLIC.test(value);
}

const SECRET_NAME = /pass|pwd|secret|token|key|credential|connectionstring|sas$/i;

/** `Password=`, `AccountKey=`, `SharedAccessKey=`, `sig=`, and a password before the host of a URL. */
const CARRIES_SECRET = /(password|pwd|key|secret)\s*=|[?&]sig=|:\/\/[^/\s:@]*:[^/\s@]*@/i;

/** One short word or number, a host with its port, an address without credentials and query, an id of Azure, a database of ours. */
const PUBLIC =
  /^([\w.-]{0,15}|[a-z0-9-]+(\.[a-z0-9-]+)+([:,]\d+)?|https?:\/\/[^\s@?]*|\/subscriptions\/[^\s?]*|.*-zdd-\d{8}-[a-z0-9]{5}(-\w+)?)$/i;
