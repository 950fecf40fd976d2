import { html, nothing, type TemplateResult } from "lit";
import "./film.ts";
import "./filmstrip.ts";
import "./playhead.ts";
import "./ruler.ts";
import "./transport.ts";
import "./waveform.ts";
import "../energy/lane.ts";
import "../energy/takes.ts";
import "../energy/tools.ts";
import type { Changes } from "../changes.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

const wheelStep = 240;

/** The film over its pictures, its waveform and its energy, on one time line. */
class Desk extends Panel {
  readonly #sizes = new ResizeObserver(([entry]) => {
    if (entry) this.studio.view.resize(Math.floor(entry.contentRect.width));
  });

  protected override watched(): Changes[] {
    return [this.studio.film];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override render(): TemplateResult {
    const { studio } = this;
    return html`<rewas-film .studio=${studio}></rewas-film>
      <rewas-transport .studio=${studio}></rewas-transport>
      ${
        studio.film.stage === "ready"
          ? html`<section class="lanes" aria-label=${text().desk.name} @wheel=${this.#turn}>
                <rewas-ruler .studio=${studio} @pointerdown=${this.#scrub}></rewas-ruler>
                <rewas-filmstrip .studio=${studio} @pointerdown=${this.#scrub}></rewas-filmstrip>
                <rewas-waveform .studio=${studio}></rewas-waveform>
                <rewas-energy .studio=${studio}></rewas-energy>
                <rewas-playhead .studio=${studio} aria-hidden="true"></rewas-playhead>
              </section>
              <rewas-takes .studio=${studio}></rewas-takes>
              <rewas-energy-tools .studio=${studio}></rewas-energy-tools>`
          : nothing
      }`;
  }

  protected override updated(): void {
    const lanes = this.querySelector(".lanes");
    if (lanes) this.#sizes.observe(lanes);
  }

  /** Drags the playhead. */
  #scrub(event: PointerEvent): void {
    const lane = event.currentTarget as HTMLElement;
    const { view, playback } = this.studio;
    const left = lane.getBoundingClientRect().left;
    const move = (moved: PointerEvent) => playback.seek(view.secondsAt(moved.clientX - left));
    lane.setPointerCapture(event.pointerId);
    lane.addEventListener("pointermove", move);
    lane.addEventListener("pointerup", () => lane.removeEventListener("pointermove", move), { once: true });
    lane.addEventListener("pointercancel", () => lane.removeEventListener("pointermove", move), { once: true });
    move(event);
  }

  #turn(event: WheelEvent): void {
    const { view } = this.studio;
    const left = (event.currentTarget as HTMLElement).getBoundingClientRect().left;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      view.zoom(-event.deltaY / wheelStep, view.secondsAt(event.clientX - left));
    } else {
      const by = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      if (by === 0) return;
      event.preventDefault();
      view.scrollTo(view.start + by / view.pixelsPerSecond);
    }
  }
}

customElements.define("rewas-desk", Desk);
