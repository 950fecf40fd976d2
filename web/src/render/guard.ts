import type { Sound } from "../api/types.ts";

/** A kind of sound that is heard: speech, singing or music. */
export interface HeardKind {
  readonly kind: string;
  /** Where it begins and ends, s; empty if only the kind is known. */
  readonly times: readonly { readonly from: number; readonly to: number }[];
  /** Whether nobody asked for it. */
  readonly isUnwanted: boolean;
}

/** What the guard heard in a candidate. */
export interface Heard {
  readonly kinds: readonly HeardKind[];
  /** Faults of the signal: silence, clipping, click, hum. */
  readonly faults: readonly string[];
  /** Whether something that nobody asked for is in it all the same. */
  readonly isSlipped: boolean;
}

/** What is heard in a candidate; null: nobody listened. The places are known of the best candidate alone. */
export function heardIn(sound: Sound, rank: number): Heard | null {
  const { guard } = sound;
  const candidate = sound.candidates?.find(one => one.rank === rank);
  if (!guard || !candidate) return null;
  const parts = rank === 0 ? guard.heard : candidate.heard.map(kind => ({ kind, from: null, to: null }));
  const kinds = [...new Set(parts.map(part => part.kind))].map(kind => ({
    kind,
    times: parts.flatMap(part => (part.kind === kind && part.from !== null ? [{ from: part.from, to: part.to }] : [])),
    isUnwanted: guard.unwanted.includes(kind),
  }));
  return { kinds, faults: rank === 0 ? guard.faults : candidate.faults, isSlipped: kinds.some(kind => kind.isUnwanted) };
}
