import { Refusal } from '../../arm/refusal.ts';
import { kuduRefusal } from './call.ts';

/** How Kudu refuses an upload that it does not take. */
export const refusals = {
  'upload-409': inProgress,
  'upload-502': badGateway,
  'upload-503': unavailable,
  'upload-disk-full': diskFull,
  'upload-503-disk-full': () => diskFull(503),
};

function inProgress(): Refusal {
  return kuduRefusal(409, 'There is a deployment currently in progress. Please try again when it completes.');
}

function badGateway(): Refusal {
  const body = '<h1>502 - Bad Gateway</h1>';
  return new Refusal({ status: 502, headers: { 'content-type': 'text/html' }, body }, body);
}

function unavailable(): Refusal {
  const body = '<h1>503 - Service Unavailable</h1>';
  return new Refusal({ status: 503, headers: { 'content-type': 'text/html' }, body }, body);
}

function diskFull(status = 500): Refusal {
  const message = 'There is not enough space on the disk.\r\n';
  const body = {
    Message: 'An error has occurred.',
    ExceptionMessage: message,
    ExceptionType: 'System.IO.IOException',
    StackTrace: '   at System.IO.__Error.WinIOError(Int32 errorCode, String maybeFullPath)',
  };
  return new Refusal({ status, body }, message);
}
