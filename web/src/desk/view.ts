import { Changes } from "../changes.ts";

/** A part of the time line that the user has selected, s. */
export interface Selection {
  readonly from: number;
  readonly to: number;
}

const closest = 2000;
const zoomStep = 1.5;

/** The part of the time line that all lanes show. */
export class View extends Changes {
  #width = 1;
  #duration = 1;
  #start = 0;
  #pixelsPerSecond = 1;
  #selection: Selection | null = null;

  get width(): number {
    return this.#width;
  }

  /** Time at the left edge, s. */
  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#start + this.#width / this.#pixelsPerSecond;
  }

  get duration(): number {
    return this.#duration;
  }

  get pixelsPerSecond(): number {
    return this.#pixelsPerSecond;
  }

  get selection(): Selection | null {
    return this.#selection;
  }

  get isWhole(): boolean {
    return this.#pixelsPerSecond <= this.#fit * 1.001;
  }

  xOf(seconds: number): number {
    return (seconds - this.#start) * this.#pixelsPerSecond;
  }

  secondsAt(x: number): number {
    return Math.max(0, Math.min(this.#duration, this.#start + x / this.#pixelsPerSecond));
  }

  /** A new film. */
  reset(duration: number): void {
    this.#duration = Math.max(0.1, duration);
    this.#selection = null;
    this.fit();
  }

  resize(width: number): void {
    if (width === this.#width || width <= 0) return;
    const whole = this.isWhole;
    this.#width = width;
    if (whole) this.fit();
    else this.#set(this.#start, this.#pixelsPerSecond);
  }

  fit(): void {
    this.#set(0, this.#fit);
  }

  /** Zooms by steps; the time `around` stays where it is. */
  zoom(steps: number, around: number): void {
    const at = Math.max(0, Math.min(this.#width, this.xOf(around)));
    const scale = this.#pixelsPerSecond * zoomStep ** steps;
    const limited = Math.max(this.#fit, Math.min(closest, scale));
    this.#set(around - at / limited, limited);
  }

  scrollTo(start: number): void {
    this.#set(start, this.#pixelsPerSecond);
  }

  /** Scrolls as little as shows a time. */
  reveal(seconds: number): void {
    if (seconds < this.#start || seconds > this.end) this.scrollTo(seconds - 0.1 * (this.end - this.#start));
  }

  /** Selections are rounded to 10 ms, as edits are. */
  select(selection: Selection | null): void {
    const rounded = selection && {
      from: Math.round(Math.max(0, Math.min(selection.from, selection.to)) * 100) / 100,
      to: Math.round(Math.min(this.#duration, Math.max(selection.from, selection.to)) * 100) / 100,
    };
    this.#selection = rounded && rounded.to - rounded.from >= 0.01 ? rounded : null;
    this.changed();
  }

  get #fit(): number {
    return this.#width / this.#duration;
  }

  #set(start: number, pixelsPerSecond: number): void {
    this.#pixelsPerSecond = Math.max(this.#fit, pixelsPerSecond);
    const visible = this.#width / this.#pixelsPerSecond;
    this.#start = Math.max(0, Math.min(start, this.#duration - visible));
    this.changed();
  }
}
