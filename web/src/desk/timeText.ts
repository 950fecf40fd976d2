/** A time as editors write it: 1:02.340. */
export function timeText(seconds: number): string {
  const milliseconds = Math.round(Math.max(0, seconds) * 1000);
  const [minutes, rest] = [Math.floor(milliseconds / 60_000), milliseconds % 60_000];
  return `${minutes}:${String(Math.floor(rest / 1000)).padStart(2, "0")}.${String(rest % 1000).padStart(3, "0")}`;
}

/** A length in words: 0.8 s, 12 s, 3 min. */
export function lengthText(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
