import { Api } from "../api/api.ts";
import type { Sound } from "../api/types.ts";
import type { Source } from "../playback/playback.ts";
import type { ProjectDocument, TrackMix } from "../project/document.ts";

/** The layers of a sound that can be heard alone, and the film's own sound. */
export type Track = "primary" | "environment" | "original";

export const usualMix: TrackMix = { muted: false, solo: false, gain: 0 };
/** Level of an environment whose order names none, dB. */
export const usualEnvironmentGain = -12;

export const mixOf = (document: ProjectDocument, track: Track): TrackMix => document.mix[track] ?? usualMix;

/** The tracks that a sound and its film have. */
export function tracksOf(sound: Sound, hasOriginal: boolean): Track[] {
  return ["primary", ...(sound.options["environment"] ? ["environment" as const] : []), ...(hasOriginal ? ["original" as const] : [])];
}

/** Whether a track is heard: it is not muted, and either it or none is solo. */
export function isHeard(document: ProjectDocument, track: Track, tracks: readonly Track[]): boolean {
  const mix = mixOf(document, track);
  return !mix.muted && (mix.solo || !tracks.some(other => mixOf(document, other).solo));
}

const number = (value: unknown, usual: number): number => (typeof value === "number" ? value : usual);

/** Whether the options of the mix are others than those that the sound was made with. */
export function isMixChanged({ options }: ProjectDocument, sound: Sound, hasOriginal: boolean): boolean {
  return (
    number(options.volume, 0) !== number(sound.options["volume"], 0) ||
    (tracksOf(sound, hasOriginal).includes("environment") &&
      number(options["environment-gain"], usualEnvironmentGain) !== number(sound.options["environment-gain"], usualEnvironmentGain)) ||
    (hasOriginal && (options.original ?? "replace") !== (sound.options["original"] ?? "replace"))
  );
}

/** Whether the layers must be played apart: the mix of the server is not what the user wants to hear. */
export function isOwnMix(document: ProjectDocument, sound: Sound, hasOriginal: boolean): boolean {
  const tracks = tracksOf(sound, hasOriginal);
  return tracks.some(track => !isHeard(document, track, tracks)) || isMixChanged(document, sound, hasOriginal);
}

/** The layers with the gains that the user wishes. */
export function layersOf(document: ProjectDocument, sound: Sound, candidate: number): Source[] {
  const tracks = tracksOf(sound, true);
  const volume = number(document.options.volume, 0);
  const decibels: Record<string, number> = {
    primary: volume,
    environment: volume + number(document.options["environment-gain"], usualEnvironmentGain),
  };
  return tracks
    .filter(track => track !== "original")
    .map(track => ({
      path: Api.content(sound.id, { candidate, stem: track }),
      gain: isHeard(document, track, tracks) ? 10 ** ((decibels[track] ?? 0) / 20) : 0,
    }));
}

/** How loud the film's own sound is beside the new one: linear. While it is ducked, it is heard as in a pause. */
export function originalGain(document: ProjectDocument, sound: Sound | null, hasOriginal: boolean): number {
  if (!hasOriginal) return 0;
  const tracks = sound ? tracksOf(sound, true) : (["original"] as const);
  return isHeard(document, "original", tracks) && (document.options.original ?? "replace") !== "replace" ? 1 : 0;
}
