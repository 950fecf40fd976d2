import { html, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { Panel } from "../shell/panel.ts";

/** The line through all lanes. It moves without a new layout. */
class Playhead extends Panel {
  #end: (() => void) | null = null;

  protected override watched(): Changes[] {
    return [this.studio.view, this.studio.playback];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = this.studio.playback.ticks.subscribe(() => this.#place());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end?.();
  }

  protected override render(): TemplateResult {
    return html``;
  }

  protected override updated(): void {
    this.#place();
  }

  #place(): void {
    const { view, playback } = this.studio;
    const x = view.xOf(playback.position);
    this.style.transform = `translateX(${x}px)`;
    this.style.visibility = x < 0 || x > view.width ? "hidden" : "visible";
    if (playback.isPlaying) view.reveal(playback.position);
  }
}

customElements.define("rewas-playhead", Playhead);
