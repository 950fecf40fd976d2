import { html, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { icons } from "./icons.ts";
import { timeText } from "./timeText.ts";

/** The controls of the playhead and of the view. */
class Transport extends Panel {
  #end: (() => void) | null = null;

  protected override watched(): Changes[] {
    const { playback, view } = this.studio;
    return [playback, view];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = this.studio.playback.ticks.subscribe(() => this.#tell());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    const texts = text().desk;
    const { playback, view } = this.studio;
    const { selection } = view;
    const around = () => playback.position;
    return html`<div class="row transport">
      <span class="group">
        ${button(texts.back, icons.back, () => playback.step(-1), "ArrowLeft")}
        ${button(playback.isPlaying ? texts.pause : texts.play, playback.isPlaying ? icons.pause : icons.play, () => playback.toggle(), "Space")}
        ${button(texts.forward, icons.forward, () => playback.step(1), "ArrowRight")}
      </span>
      <output class="time"><span class="position"></span> <span class="soft frame"></span></output>
      <span class="soft">${playback.isHeld ? texts.live : playback.isPlaying && playback.rate !== 1 ? texts.speed(playback.rate) : ""}</span>
      <button
        class="icon"
        title=${texts.loop}
        aria-label=${texts.loop}
        aria-pressed=${playback.loop !== null}
        ?disabled=${!selection && !playback.loop}
        @click=${() => playback.setLoop(playback.loop ? null : selection)}
      >
        ${icons.loop}
      </button>
      <span class="soft time">${selection ? texts.selection(timeText(selection.from), timeText(selection.to)) : ""}</span>
      <span class="space"></span>
      <span class="group">
        ${button(texts.zoomOut, icons.zoomOut, () => view.zoom(-1, around()), "-")}
        ${button(texts.fit, icons.fit, () => view.fit(), "0")}
        ${button(texts.zoomIn, icons.zoomIn, () => view.zoom(1, around()), "+")}
      </span>
    </div>`;
  }

  protected override updated(): void {
    this.#tell();
  }

  /** Writes the position without drawing the rest again. */
  #tell(): void {
    const { playback } = this.studio;
    const [position, frame] = [this.querySelector(".position"), this.querySelector(".frame")];
    if (position) position.textContent = timeText(playback.position);
    if (frame) frame.textContent = text().desk.frame(playback.frame);
  }
}

const button = (name: string, icon: TemplateResult, press: () => void, key: string) =>
  html`<button class="icon" title=${name} aria-label=${name} aria-keyshortcuts=${key} @click=${press}>${icon}</button>`;

customElements.define("rewas-transport", Transport);
