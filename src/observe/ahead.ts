/** A request that is begun before it is needed. Who awaits it meets its failure; when the look ends before, another failure has ended it. */
export function begun<T>(request: Promise<T>): Promise<T> {
  request.catch(() => undefined);
  return request;
}
