import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { until } from "lit/directives/until.js";
import type { Changes } from "../changes.ts";
import { originalGain } from "../panels/mixing.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

/** The picture. What it plays is the file that was sent; the sound comes from the sounds that were made. */
class FilmPicture extends Panel {
  static override properties = { ...Panel.properties, cannotPlay: { state: true } };

  declare cannotPlay: boolean;

  constructor() {
    super();
    this.cannotPlay = false;
  }

  protected override watched(): Changes[] {
    return [this.studio.film, this.studio.making, this.studio.audition];
  }

  protected override render(): TemplateResult {
    const texts = text();
    const { film, project, api } = this.studio;
    const file = project.document.film?.file;
    return html`<div class="picture">
        ${guard([file], () =>
          file
            ? html`<video
                .muted=${true}
                playsinline
                preload="auto"
                disablepictureinpicture
                aria-label=${texts.desk.video}
                src=${until(api.mediaUrl(`/v1/files/${encodeURIComponent(file)}`), nothing)}
                @click=${() => this.studio.playback.toggle()}
                @loadedmetadata=${this.#loaded}
                @error=${() => {
                  this.cannotPlay = true;
                }}
              ></video>`
            : nothing,
        )}
      </div>
      ${this.cannotPlay ? html`<p class="over" role="status">${texts.film.unplayable(film.analysis?.codec ?? "")}</p>` : nothing}
      ${film.stage === "looking" ? html`<p class="over" role="status">${texts.film.looking}<progress aria-label=${texts.film.looking}></progress></p>` : nothing}
      ${film.stage === "failed" ? html`<p class="over bad" role="alert">${texts.film.failedLook(problemText(film.failure))}</p>` : nothing}`;
  }

  protected override updated(): void {
    const video = this.querySelector("video");
    this.studio.playback.attach(video);
    if (video) this.#hearOriginal(video);
  }

  /** The film's own sound is heard from the picture itself. What a panel lets hear in its place is heard alone. */
  #hearOriginal(video: HTMLVideoElement): void {
    const { project, making, film, audition } = this.studio;
    const { chosen } = project.document;
    const hasOriginal = film.analysis?.has_audio ?? false;
    const gain = audition.sources ? 0 : originalGain(project.document, making.sound(chosen?.sound), hasOriginal);
    [video.muted, video.volume] = [gain === 0, gain];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.studio.playback.attach(null);
  }

  #loaded(event: Event): void {
    // A film whose sound alone can be played has no picture.
    this.cannotPlay = (event.target as HTMLVideoElement).videoWidth === 0;
  }
}

customElements.define("rewas-film", FilmPicture);
