/** An instant as Azure SQL writes it: UTC, trailing zeros of the fraction dropped (`…54.97Z`). */
export function azureTime(at: number): string {
  return new Date(at).toISOString().replace(/\.?0+Z$/, 'Z');
}
