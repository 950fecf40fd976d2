import { toDecibels, valuesPerSecond } from "./scale.ts";

/** Onsets that are closer are one event, s. */
const sameEvent = 0.08;
/** A smaller rise is no event: it could not be removed either. dB */
const leastRise = 3;
/** Values round an onset in which the curve must rise. */
const before = 15;
const after = 10;

/** The onsets that are events of a curve: separate, and with a rise that can be heard. */
export function eventsOf(values: readonly number[], onsets: readonly number[]): number[] {
  const events: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const onset of [...onsets].sort((one, other) => one - other)) {
    const isNew = onset - last > sameEvent;
    last = onset;
    const at = Math.round(onset * valuesPerSecond);
    const low = Math.min(...values.slice(Math.max(0, at - before), at + 1));
    const high = Math.max(...values.slice(at, at + after));
    if (isNew && toDecibels(high - low) >= leastRise) events.push(onset);
  }
  return events;
}
