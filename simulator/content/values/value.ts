/**
 * A value as the engine keeps it; what it means depends on its static type: integers up to int and floats are numbers,
 * bigint is bigint; decimals and money are bigints scaled by their type; dates are bigints of 100 ns since year 1,
 * `time` since midnight, `datetimeoffset` an {@link OffsetInstant}; a GUID is upper-case text.
 */
export type Value = null | number | bigint | string | Uint8Array | OffsetInstant;

export interface OffsetInstant {
  /** 100 ns since year 1, UTC. */
  readonly utc: bigint;
  /** Minutes east of UTC. */
  readonly offset: number;
}

export type Row = readonly Value[];
