import { expect, test } from '@jest/globals';
import { staysRefused } from '../../src/azure/advice.ts';
import { deniedAction, refusal, saidBy } from '../../src/azure/failure.ts';
import { answer } from './support.ts';

/** Bodies as in recorded traffic and issue threads. */
const bodies: [string, unknown, { code: string; message: string }][] = [
  [
    'ARM wraps what the resource provider said',
    {
      error: {
        code: 'DeploymentFailed',
        message: 'See details.',
        details: [{ code: 'DatabaseNameInUse', message: 'In use.' }],
      },
    },
    { code: 'DatabaseNameInUse', message: 'In use.' },
  ],
  [
    'inner errors nest',
    {
      error: {
        code: 'A',
        message: 'a',
        innererror: { code: 'B', message: 'b', innererror: { code: 'C', message: 'c' } },
      },
    },
    { code: 'C', message: 'c' },
  ],
  [
    'an inner error without a message keeps the outer one',
    { error: { code: 'A', message: 'a', innererror: { code: 'B' } } },
    { code: 'B', message: 'a' },
  ],
  [
    'details that carry no code are debugging noise',
    { error: { code: 'AuthorizationFailed', message: 'You may not.', details: [{ debugInfo: 'x' }] } },
    { code: 'AuthorizationFailed', message: 'You may not.' },
  ],
  [
    'App Service answers in capitals, with the whole message on top',
    {
      Code: 'Conflict',
      Message: 'Cannot modify this site because another operation is in progress. Details: Id: 1',
      Target: null,
      Details: [
        { Message: 'Cannot modify this site because another operation is in progress. Details: Id: 1' },
        { Code: 'Conflict' },
        { ErrorEntity: { ExtendedCode: '59203', MessageTemplate: '… Details: {0}', Code: 'Conflict' } },
      ],
      Innererror: null,
    },
    { code: 'Conflict', message: 'Cannot modify this site because another operation is in progress. Details: Id: 1' },
  ],
  [
    'Entra names the error and describes it',
    { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret.' },
    { code: 'invalid_client', message: 'AADSTS7000215: Invalid client secret.' },
  ],
  [
    'SCM answers with a page',
    '<html><head><style>b{}</style><title>Web App - Unavailable</title></head><body><h1>Error 403 - This web app is stopped.</h1></body></html>',
    { code: 'HTTP 409', message: 'Web App - Unavailable Error 403 - This web app is stopped.' },
  ],
  [
    'SCM says the last of several exceptions what went wrong',
    {
      Message: 'An error has occurred.',
      ExceptionMessage: 'One or more errors occurred.',
      ExceptionType: 'System.AggregateException',
      StackTrace: '   at Kudu.Services…',
      InnerException: {
        Message: 'An error has occurred.',
        ExceptionMessage: ' There is not enough space on the disk.\r\n',
        ExceptionType: 'System.IO.IOException',
        InnerException: null,
      },
    },
    { code: 'HTTP 409', message: 'There is not enough space on the disk.' },
  ],
  ['nothing at all', '', { code: 'HTTP 409', message: 'The answer was empty.' }],
  ['JSON without sense', [1, 2], { code: 'HTTP 409', message: '[1,2]' }],
];

test.each(bodies)('what Azure said must be read from its innermost part: %s', (_case, body, said) => {
  expect(saidBy(answer(409, body, { 'x-ms-request-id': 'r1' }))).toEqual({ ...said, status: 409, requestId: 'r1' });
});

test('the action that was not granted is read from the 403 of Azure, and from no other refusal', () => {
  const message =
    "The client 'c' with object id 'o' does not have authorization to perform action 'Microsoft.Web/sites/config/list/action' over scope '/subscriptions/s' or the scope is invalid.";
  const said = { code: 'AuthorizationFailed', message, requestId: '', status: 403 };
  expect(deniedAction(said)).toBe('Microsoft.Web/sites/config/list/action');
  expect(deniedAction({ ...said, message: 'The access policy denies it.' })).toBeUndefined();
  expect(deniedAction({ ...said, status: 409 })).toBeUndefined();
});

test.each([
  ['as recorded', 'The web app you have attempted to reach has blocked your access.', {}, '(not told)'],
  ['in its short form', '403 Ip Forbidden', {}, '(not told)'],
  ['with the address', '', { 'x-ms-forbidden-ip': '203.0.113.7' }, '203.0.113.7'],
])('a 403 of access restrictions is told from one of permissions: %s', (_, page, headers, address) => {
  const said = saidBy({ status: 403, headers, body: new TextEncoder().encode(page) });
  expect([said.code, said.message]).toEqual(['AccessRestricted', expect.stringContaining(`address ${address},`)]);
  expect(refusal('list site/wwwroot', said).next).toMatch(/runs-on/);
});

test.each([
  ['a lock', 409, 'ScopeLocked', 'The scope is locked.', /az lock delete/],
  ['a disabled subscription', 409, 'ReadOnlyDisabledSubscription', 'The subscription is disabled.', /enable it again/],
  ['a policy', 403, 'RequestDisallowedByPolicy', "Resource was disallowed by policy 'tags'.", /exemption/],
  [
    'a permission on something else',
    403,
    'LinkedAuthorizationFailed',
    'The client has permission …',
    /Grant the action/,
  ],
  ['a permission', 403, 'AuthorizationFailed', 'The client may not.', /preflight lists them all/],
  ['a quota behind a conflict', 409, 'QuotaExceeded', 'Too many.', /limit of the subscription/],
  ['a quota of SQL', 400, 'ServerDtuQuotaExceeded', 'Would exceed.', /limit of the subscription/],
  ['a full disk', 500, 'HTTP 500', 'There is not enough space on the disk.', /disk of the App Service plan is full/],
  ['a replicated database', 409, 'InvalidOperationForDatabaseInReplicationRelationship', 'It is.', /delete-link/],
  ['an input that Azure does not take', 400, 'InvalidParameter', 'No.', /will answer the same again/],
])('what to do comes from what Azure said, not from the status alone: %s', (_, status, code, message, advice) => {
  const said = { status, code, message, requestId: '' };
  expect([refusal('do it', said).next, staysRefused(said)]).toEqual([expect.stringMatching(advice), true]);
});

test.each([
  ['another operation', 409, 'Conflict', 'another operation is in progress', /^Wait until/],
  ['an outage', 503, 'ServiceUnavailable', 'Later.', /^Run the phase again/],
  ['too many requests', 429, 'TooManyRequests', 'Later.', /^Run the phase again/],
])('what passes by itself is tried again: %s', (_, status, code, message, advice) => {
  const said = { status, code, message, requestId: '' };
  expect([refusal('do it', said).next, staysRefused(said)]).toEqual([expect.stringMatching(advice), false]);
});
