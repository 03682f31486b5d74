/** The simulated clock: it starts at an instant and runs `scale` times as fast as real time. */
export interface SimulatedClock {
  /** Simulated milliseconds since the epoch; never runs backwards. */
  now(): number;
  /** The same instant further on in real milliseconds: how long to wait, really, for a simulated duration. */
  realMs(simulatedMs: number): number;
  readonly scale: number;
}

export function simulatedClock(start: number, scale: number): SimulatedClock {
  if (!(scale > 0) || !Number.isFinite(scale))
    throw new Error(`The time scale must be a number above 0, not ${scale}.`);
  const realStart = performance.now();
  return {
    scale,
    now: () => Math.floor(start + (performance.now() - realStart) * scale),
    realMs: (simulatedMs) => simulatedMs / scale,
  };
}
