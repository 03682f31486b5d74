import fc from 'fast-check';

/** Pieces with which texts of all kinds are taken apart, and words that mean something to one of them. */
const PIECES = [
  ...['', ' ', '\n', '\r', '\t', '\0', '\u0085', '\u2028', '\u202e', '\ud800', '\ufeff', 'ß', 'İ', '\u001b[31m'],
  ...[
    '=',
    ';',
    ':',
    '::',
    '|',
    ',',
    '/',
    '..',
    '?',
    '#',
    '%2f',
    '%',
    '@',
    '&',
    '"',
    "'",
    '{',
    '}',
    '{{',
    '}}',
    '<',
    '>',
    '<!--',
  ],
  ...['##[', ']', '[', '`', '\\', '-', '->', '(', ')', '*', '+', '$', '__proto__', 'constructor', 'toString'],
  ...[
    'Server',
    'Data Source',
    'Database',
    'Initial Catalog',
    'Password',
    'User ID',
    'tcp:',
    'jdbc:sqlserver://',
    'sqlserver://',
  ],
  ...[
    'mssql://',
    'metadata=res://',
    'provider connection string',
    'Driver={ODBC Driver 18}',
    'x.database.windows.net',
    '1433',
  ],
  ...[
    'clone-database',
    'snapshot-timestamp',
    'production',
    'open',
    'true',
    'false',
    '0',
    '-1',
    '1e9',
    '999999999999',
    'NaN',
  ],
  ...[
    'POST /orders -> 503',
    'body /version',
    'json /v /a~1b',
    '2026-01-31T14:05:00Z',
    '20260131-k7m2x',
    'held',
    'new|1|zdd-staging',
  ],
  ...['>', "'", '<form ', '<form "', "<form '", '<input ', '<!--', '<script', ' method', ' disabled', ' type='],
  ...[
    'stop-commands',
    'https://localhost',
    'https://management.azure.com',
    '/subscriptions/x/resourceGroups/y/providers/Microsoft.Sql/servers/z',
  ],
];

/** Text as somebody would write it who wants to break its reader. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...PIECES) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 12,
  })
  .map((pieces) => pieces.join(''));

/** The same with one part of it very often: what takes the square of its length shows. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(hostileText, fc.constantFrom(...PIECES), fc.constantFrom(...PIECES), fc.integer({ min: 1, max: 20_000 }))
  .map(([begin, one, other, times]) => begin + `${one}${other}`.repeat(times));

/** Bytes that are an answer of somebody: JSON of any shape, text, or noise. */
export const hostileBody: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.json({ maxDepth: 4, stringUnit: 'grapheme' }).map(encoded),
  fc
    .constantFrom('null', '[]', '{}', '""', '0', '{"value":null}', '{"value":[null]}', '{"properties":null}', '[[[')
    .map(encoded),
  fc
    .record({ error: fc.record({ code: hostileText, message: hostileText, details: fc.jsonValue({ maxDepth: 3 }) }) })
    .map((body) => encoded(JSON.stringify(body))),
  hostileText.map(encoded),
  fc.uint8Array({ maxLength: 200 }),
);

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
