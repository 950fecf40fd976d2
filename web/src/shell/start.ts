import { html, nothing, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { text } from "../text/text.ts";
import { problemText } from "./notices.ts";
import "./kept.ts";
import { openFilm } from "./openFilm.ts";
import { Panel } from "./panel.ts";

/** Where no film is open: takes one. */
class Start extends Panel {
  protected override watched(): Changes[] {
    return [this.studio.film];
  }

  protected override render(): TemplateResult {
    const texts = text().film;
    const { film } = this.studio;
    if (film.stage === "sending") {
      const percent = Math.floor(film.sent * 100);
      return html`<div class="drop" role="status">
        <p class="large">${texts.sending(percent)}</p>
        <progress max="1" .value=${film.sent} aria-label=${texts.sending(percent)}></progress>
      </div>`;
    }
    return html`<div class="drop">
      <p class="large">${texts.drop}</p>
      <label class="button main">
        ${texts.choose}
        <input
          class="hidden"
          type="file"
          accept="video/*,image/gif,image/webp,image/apng,.mkv,.mov,.avi,.mxf"
          @change=${(event: Event) => {
            const file = (event.target as HTMLInputElement).files?.[0];
            if (file) void openFilm(this.studio, file);
          }}
        />
      </label>
      <p class="soft">${texts.sample}</p>
        ${film.stage === "failed" ? html`<p class="bad" role="alert">${problemText(film.failure)}</p>` : nothing}
      </div>
      <rewas-kept .studio=${this.studio}></rewas-kept>`;
  }
}

customElements.define("rewas-start", Start);
