import { html, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { Lane } from "../desk/lane.ts";
import { timeText } from "../desk/timeText.ts";
import type { Selection } from "../desk/view.ts";
import { addEdit, refineEdit } from "../project/commands.ts";
import { takesOf } from "../project/takes.ts";
import { text } from "../text/text.ts";
import { affectedWindows } from "./affected.ts";
import * as edits from "./editText.ts";
import { loudest, rounded, silence, toDecibels, valuesPerSecond } from "./scale.ts";
import { tool } from "./tool.ts";

const gridEvery = 10;
/** Height of the bar over a part that was made again, px. */
const takeHeight = 3;
/** Room above and below the curve, dB. */
const headroom = 15;
/** At the lower edge of the lane, drawing gives silence. px */
const edge = 3;
/** Reach of the pointer round an event, px. */
const reach = 6;
/** Half of what keys change where nothing is selected, s. */
const keyReach = 0.05;
const keyStep = 1;
/** The longest part after an event that moves with it, s. */
const longestTail = 1;

/** What the pointer is doing. */
type Gesture =
  | { kind: "draw"; points: edits.Point[] }
  | { kind: "select"; from: number; moved: boolean }
  | { kind: "move"; range: Selection; x: number; y: number; edit: string | null }
  | { kind: "drag-selection"; range: Selection; x: number; edit: string | null };

/** The curve of the energy: predicted from the picture, and changed by hand. */
class EnergyLane extends Lane {
  protected override readonly laneHeight = 168;
  #gesture: Gesture | null = null;
  #range = { top: loudest, bottom: silence };
  #scaled: readonly number[] | null = null;
  #keyGain = { key: "", decibels: 0 };

  protected override laneName(): string {
    return text().energy.name;
  }

  protected override watched(): Changes[] {
    const { view, energy, making, playback } = this.studio;
    return [view, energy, making, tool, playback];
  }

  protected override render(): TemplateResult {
    const { playback, view } = this.studio;
    return html`<canvas
        class="tool-${tool.name}"
        tabindex="0"
        role="slider"
        aria-label=${this.laneName()}
        aria-describedby="energy-help"
        aria-valuemin="0"
        aria-valuemax=${view.duration}
        aria-valuenow=${rounded(playback.position)}
        aria-valuetext=${this.#spoken(playback.position)}
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#cancel}
        @dblclick=${(event: MouseEvent) => this.#addEvent(event)}
        @keydown=${this.#press}
      ></canvas>
      <p id="energy-help" class="hidden">${text().energy.help}</p>`;
  }

  #spoken(seconds: number): string {
    const value = this.studio.energy.curve?.values[Math.round(seconds * valuesPerSecond)];
    return text().energy.point(timeText(seconds), value === undefined ? "" : `${Math.round(toDecibels(value))} dB`);
  }

  #yOf(decibels: number): number {
    const { top, bottom } = this.#range;
    return ((top - Math.max(bottom, decibels)) / (top - bottom)) * this.laneHeight;
  }

  #levelAt(y: number): number {
    if (y >= this.laneHeight - edge) return silence;
    const { top, bottom } = this.#range;
    return top - (Math.max(0, y) / this.laneHeight) * (top - bottom);
  }

  /** The levels that the lane shows: those of the predicted curve with room for changes. They stay while the curve is edited. */
  #scale(): void {
    const { predicted } = this.studio.energy;
    if (!predicted || predicted.values === this.#scaled) return;
    this.#scaled = predicted.values;
    let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const value of predicted.values) {
      high = Math.max(high, value);
      low = Math.min(low, value);
    }
    this.#range = {
      top: Math.min(loudest, Math.ceil((toDecibels(high) + headroom) / gridEvery) * gridEvery),
      bottom: Math.max(silence, Math.floor((toDecibels(low) - headroom) / gridEvery) * gridEvery),
    };
  }

  protected override draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    this.#scale();
    const { view, energy, film, project } = this.studio;
    const windows = affectedWindows(this.studio);
    context.fillStyle = this.colour("window");
    windows.windows.forEach(({ from, to }, i) => {
      if (windows.changed.has(i)) context.fillRect(view.xOf(from), 0, (to - from) * view.pixelsPerSecond, height);
    });

    context.strokeStyle = this.colour("line");
    context.fillStyle = this.colour("ink-soft");
    context.font = `9px ${this.colour("mono")}`;
    context.beginPath();
    for (let level = Math.floor((this.#range.top - 1) / gridEvery) * gridEvery; level > this.#range.bottom; level -= gridEvery) {
      const y = Math.round(this.#yOf(level)) + 0.5;
      context.moveTo(0, y);
      context.lineTo(width, y);
      context.fillText(`${level}`, 3, y - 3);
    }
    context.stroke();

    if (view.selection) {
      const [from, to] = [view.xOf(view.selection.from), view.xOf(view.selection.to)];
      context.fillStyle = this.colour("selection");
      context.fillRect(from, 0, to - from, height);
      context.fillStyle = this.colour("selection-edge");
      context.fillRect(from, 0, 1, height);
      context.fillRect(to - 1, 0, 1, height);
    }
    context.fillStyle = this.colour("onset");
    for (const { from, to } of takesOf(project.document.options.take ?? []))
      context.fillRect(view.xOf(from), 0, (to - from) * view.pixelsPerSecond, takeHeight);
    for (const cut of film.analysis?.cuts ?? []) this.#line(context, cut, "cut", height, [4, 3]);

    if (energy.predicted && energy.predicted.values !== energy.curve?.values)
      this.#curve(context, energy.predicted.values, this.colour("predicted"), null, 1, [3, 3]);
    if (energy.comparison) this.#curve(context, energy.comparison.values, this.colour("compare"), null, 1.2);
    if (energy.curve) {
      this.#curve(context, energy.curve.values, this.colour("curve"), this.colour("curve-fill"), 1.6);
      context.fillStyle = this.colour("onset");
      for (const onset of energy.curve.onsets) {
        const x = view.xOf(onset);
        if (x < -reach || x > width + reach) continue;
        context.fillRect(x - 0.5, height - 9, 1, 9);
        context.beginPath();
        context.moveTo(x - 4, height);
        context.lineTo(x + 4, height);
        context.lineTo(x, height - 7);
        context.fill();
      }
    }
    this.#drawGesture(context);
  }

  #line(context: CanvasRenderingContext2D, seconds: number, token: string, height: number, dash: number[]): void {
    const x = Math.round(this.studio.view.xOf(seconds)) + 0.5;
    context.save();
    context.strokeStyle = this.colour(token);
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
    context.restore();
  }

  /** Draws what is in view: at most two values for each pixel, the highest and the lowest. */
  #curve(
    context: CanvasRenderingContext2D,
    values: readonly number[],
    line: string,
    fill: string | null,
    width: number,
    dash: number[] = [],
  ): void {
    const { view } = this.studio;
    const first = Math.max(0, Math.floor(view.start * valuesPerSecond) - 1);
    const last = Math.min(values.length - 1, Math.ceil(view.end * valuesPerSecond) + 1);
    const perPixel = valuesPerSecond / view.pixelsPerSecond;
    const path = new Path2D();
    if (perPixel <= 1)
      for (let i = first; i <= last; i++) path.lineTo(view.xOf(i / valuesPerSecond), this.#yOf(toDecibels(values[i] as number)));
    else
      for (let x = -1; x <= view.width + 1; x++) {
        const from = Math.max(0, Math.floor((view.start + x / view.pixelsPerSecond) * valuesPerSecond));
        const to = Math.min(values.length, Math.max(from + 1, Math.floor(from + perPixel)));
        let [high, low] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        for (let i = from; i < to; i++) {
          high = Math.max(high, values[i] as number);
          low = Math.min(low, values[i] as number);
        }
        if (to <= from || high === Number.NEGATIVE_INFINITY) continue;
        path.lineTo(x, this.#yOf(toDecibels(high)));
        if (low !== high) path.lineTo(x, this.#yOf(toDecibels(low)));
      }
    if (fill) {
      const area = new Path2D(path);
      area.lineTo(Math.min(view.width, view.xOf(last / valuesPerSecond)), this.laneHeight);
      area.lineTo(Math.max(0, view.xOf(first / valuesPerSecond)), this.laneHeight);
      context.fillStyle = fill;
      context.fill(area);
    }
    context.save();
    context.strokeStyle = line;
    context.lineWidth = width;
    context.lineJoin = "round";
    context.setLineDash(dash);
    context.stroke(path);
    context.restore();
  }

  #drawGesture(context: CanvasRenderingContext2D): void {
    const gesture = this.#gesture;
    if (!gesture) return;
    const { view } = this.studio;
    context.save();
    context.strokeStyle = this.colour("onset");
    context.fillStyle = this.colour("ink");
    context.lineWidth = 1.6;
    if (gesture.kind === "draw") {
      context.beginPath();
      for (const point of gesture.points) context.lineTo(view.xOf(point.seconds), this.#yOf(point.decibels));
      context.stroke();
    } else if ((gesture.kind === "move" || gesture.kind === "drag-selection") && gesture.edit) {
      context.font = `11px ${this.colour("mono")}`;
      context.fillText(gesture.edit, Math.max(30, Math.min(view.xOf(gesture.range.from), view.width - 180)), 14);
    }
    context.restore();
  }

  #pointOf(event: MouseEvent): { x: number; y: number; seconds: number; decibels: number } {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    return { x, y, seconds: this.studio.view.secondsAt(x), decibels: this.#levelAt(y) };
  }

  #onsetAt(x: number): number | null {
    const { view, energy } = this.studio;
    const near = (energy.curve?.onsets ?? []).filter(onset => Math.abs(view.xOf(onset) - x) <= reach);
    return near.sort((one, other) => Math.abs(view.xOf(one) - x) - Math.abs(view.xOf(other) - x))[0] ?? null;
  }

  /** The part of the curve that belongs to an event: from just before it to the lowest point before the next one. */
  #partOf(onset: number): Selection {
    const { values, onsets } = this.studio.energy.curve ?? { values: [], onsets: [] };
    const next = onsets.find(other => other > onset + 0.03) ?? this.studio.view.duration;
    const first = Math.max(0, Math.round((onset - 0.04) * valuesPerSecond));
    const end = Math.min(values.length, Math.round(Math.min(next - 0.02, onset + longestTail) * valuesPerSecond));
    let lowestAt = Math.min(end, Math.round(onset * valuesPerSecond) + 5);
    for (let i = lowestAt; i < end; i++) if ((values[i] as number) < (values[lowestAt] as number)) lowestAt = i;
    return { from: first / valuesPerSecond, to: Math.max(first + 2, lowestAt) / valuesPerSecond };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { view, energy } = this.studio;
    const { x, y, seconds, decibels } = this.#pointOf(event);
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    if (event.altKey || tool.name === "event") {
      this.#addEventAt(seconds, decibels);
      return;
    }
    const onset = this.#onsetAt(x);
    const { selection } = view;
    if (tool.name === "erase") void energy.add(edits.removeEvent(onset ?? seconds));
    else if (tool.name === "draw") this.#gesture = { kind: "draw", points: [{ seconds, decibels }] };
    else if (onset !== null) this.#gesture = { kind: "move", range: this.#partOf(onset), x, y, edit: null };
    else if (selection && event.shiftKey && seconds > selection.from && seconds < selection.to)
      this.#gesture = { kind: "drag-selection", range: selection, x, edit: null };
    else this.#gesture = { kind: "select", from: seconds, moved: false };
    this.redraw();
  }

  #move(event: PointerEvent): void {
    const canvas = event.currentTarget as HTMLElement;
    const { x, y, seconds, decibels } = this.#pointOf(event);
    const gesture = this.#gesture;
    const { view } = this.studio;
    if (!gesture) {
      canvas.classList.toggle("over-event", tool.name === "select" && this.#onsetAt(x) !== null);
      return;
    }
    if (gesture.kind === "draw") gesture.points.push({ seconds, decibels });
    else if (gesture.kind === "select") {
      if (!gesture.moved && Math.abs(view.xOf(gesture.from) - x) < 3) return;
      gesture.moved = true;
      view.select({ from: gesture.from, to: seconds });
    } else {
      const [right, up] = [x - gesture.x, gesture.kind === "move" ? gesture.y - y : 0];
      const by = rounded(right / view.pixelsPerSecond);
      const level = (up / this.laneHeight) * (this.#range.top - this.#range.bottom);
      if (Math.abs(right) < 3 && Math.abs(up) < 3) gesture.edit = null;
      else if (Math.abs(right) >= Math.abs(up)) gesture.edit = by === 0 ? null : edits.shift(gesture.range, by);
      else gesture.edit = edits.gain(gesture.range, level);
    }
    this.redraw();
  }

  #up(event: PointerEvent): void {
    const gesture = this.#gesture;
    this.#gesture = null;
    if (!gesture) return;
    const { view, playback, energy } = this.studio;
    if (gesture.kind === "select" && !gesture.moved) {
      view.select(null);
      playback.seek(this.#pointOf(event).seconds);
    } else if (gesture.kind === "draw") {
      const edit = edits.draw(gesture.points);
      if (edit) void energy.add(edit);
    } else if ((gesture.kind === "move" || gesture.kind === "drag-selection") && gesture.edit) void energy.add(gesture.edit);
    this.redraw();
  }

  #cancel(): void {
    this.#gesture = null;
    this.redraw();
  }

  #addEvent(event: MouseEvent): void {
    if (tool.name !== "select") return;
    const { seconds, decibels } = this.#pointOf(event);
    this.#addEventAt(seconds, decibels);
  }

  /** An event's level is relative to the loudest value of the curve. */
  #addEventAt(seconds: number, decibels: number): void {
    const values = this.studio.energy.curve?.values ?? [];
    const top = toDecibels(values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY));
    void this.studio.energy.add(edits.event(seconds, Math.min(loudest, decibels) - top));
  }

  /** Keys of the lane. Left and right belong to the page: they move the playhead, which is the cursor here. */
  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { view, energy, playback } = this.studio;
    const around = view.selection ?? {
      from: Math.max(0, rounded(playback.position - keyReach)),
      to: Math.min(rounded(view.duration), rounded(playback.position + keyReach)),
    };
    const up = event.key === "ArrowUp" ? keyStep : event.key === "ArrowDown" ? -keyStep : 0;
    if (up !== 0) this.#raise(around, up * (event.shiftKey ? 6 : 1));
    else if (event.key.toLowerCase() === "m") void energy.add(edits.mute(around));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Steps of one key at one place are one edit. */
  #raise(range: Selection, decibels: number): void {
    const { energy, project } = this.studio;
    const key = `gain ${range.from} ${range.to}`;
    const last = project.document.edits.at(-1);
    const goes = this.#keyGain.key === key && last === edits.gain(range, this.#keyGain.decibels);
    this.#keyGain = { key, decibels: goes ? this.#keyGain.decibels + decibels : decibels };
    const edit = edits.gain(range, this.#keyGain.decibels);
    void energy.try(goes ? refineEdit(edit, key) : { ...addEdit(edit), joins: key });
  }
}

customElements.define("rewas-energy", EnergyLane);
