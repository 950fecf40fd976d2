import type { Piece } from "../api/types.ts";

/** The id of a piece at another time, for the option pin. The id has the position after "@", and the speed after "*" if it is not 100 %. */
export function movedTo(piece: Piece, seconds: number): string {
  const [, before, speed] = /^(.*)@[^*]*(\*.*)?$/.exec(piece.id) as unknown as [string, string, string | undefined];
  return `${before}@${Math.round(seconds * 1000) / 1000}${speed ?? ""}`;
}

/** Where a piece of an id lies, s. */
export const secondsOf = (id: string): number => Number(/@([\d.]+)/.exec(id)?.[1]);
