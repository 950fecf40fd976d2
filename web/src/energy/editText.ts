import type { Selection } from "../desk/view.ts";
import { loudest, rounded, silence } from "./scale.ts";

/** Edits of the energy as the server, the command line and the sidecar write them. Times have 10 ms, levels a tenth of a decibel. */

const seconds = (value: number): string => `${rounded(value)}s`;
const level = (decibels: number): string => `${Math.round(Math.max(silence, Math.min(loudest, decibels)) * 10) / 10}dB`;
const change = (decibels: number): string => `${decibels < 0 ? "" : "+"}${Math.round(decibels * 10) / 10}dB`;
const range = ({ from, to }: Selection): string => `${seconds(from)}..${seconds(to)}`;
const where = (selection: Selection | null): string => (selection ? `${range(selection)}=` : "");

export const gain = (selection: Selection | null, decibels: number): string => `gain ${where(selection)}${change(decibels)}`;
export const mute = (selection: Selection): string => `mute ${range(selection)}`;
export const fadeIn = (selection: Selection): string => `fade-in ${range(selection)}`;
export const fadeOut = (selection: Selection): string => `fade-out ${range(selection)}`;
export const shift = (selection: Selection | null, by: number): string => `shift ${where(selection)}${by < 0 ? "" : "+"}${seconds(by)}`;
export const stretch = (selection: Selection | null, factor: number): string =>
  `stretch ${where(selection)}${Math.round(factor * 1000) / 1000}`;
export const event = (at: number, decibels: number): string => `event ${seconds(at)}=${change(decibels)}`;
export const removeEvent = (at: number): string => `remove-event ${seconds(at)}`;

/** Times of the events that edits add, s. */
export const eventTimes = (edits: readonly string[]): number[] =>
  edits.flatMap(edit => {
    const at = /^event ([\d.]+)s=/.exec(edit)?.[1];
    return at === undefined ? [] : [Number(at)];
  });

export interface Point {
  readonly seconds: number;
  readonly decibels: number;
}

const mostPoints = 1000;

/** Lines through points. Points of the same 10 ms are one, the last; null: fewer than two are left. */
export function draw(points: readonly Point[]): string | null {
  const byTime = new Map(points.map(point => [Math.round(point.seconds * 100), point.decibels]));
  let sorted = [...byTime].sort(([one], [other]) => one - other);
  if (sorted.length > mostPoints) {
    const every = Math.ceil(sorted.length / (mostPoints - 1));
    sorted = sorted.filter((_, i) => i % every === 0 || i === sorted.length - 1);
  }
  return sorted.length < 2 ? null : `draw ${sorted.map(([time, decibels]) => `${time / 100}s=${level(decibels)}`).join(",")}`;
}
