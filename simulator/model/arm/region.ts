/** A location as everything but Microsoft.Web names it: `West Europe` is `westeurope`. */
export function regionOf(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}
