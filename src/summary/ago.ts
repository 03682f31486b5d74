/** Such as `14:05 UTC (22 min)`; with the date when it was on another day. */
export function timeAndAge(instant: string, now: string): string {
  return `${timeOf(instant, now)} UTC (${age(Date.parse(now) - Date.parse(instant))})`;
}

/** The time of day; with the date when it was on another day than `now`. */
export function timeOf(instant: string, now: string): string {
  const [day, time] = [instant.slice(0, 10), instant.slice(11, 16)];
  return day === now.slice(0, 10) ? time : `${day} ${time}`;
}

/** In whole minutes: a state is read by people, and has gone on by then. */
export function age(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}
