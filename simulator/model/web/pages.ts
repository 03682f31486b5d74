/** What App Service shows for a stopped app, reduced to what people and tools look for. */
export const STOPPED_PAGE =
  '<!DOCTYPE html><html><head><title>Web App - Unavailable</title></head><body><h1>Error 403 - This web app is stopped.</h1></body></html>';

/** What App Service shows when no instance answers. */
export const UNAVAILABLE_PAGE =
  '<html><head><title>Service Unavailable</title></head><body><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></body></html>';

/** What App Service shows to an address that access restrictions keep out. */
export const FORBIDDEN_PAGE =
  '<!DOCTYPE html><html><head><title>Web App - Unavailable</title></head><body><h1>Error 403 - Forbidden</h1><p>The web app you have attempted to reach has blocked your access.</p></body></html>';
