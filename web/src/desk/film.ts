import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { patiently } from "../api/patience.ts";
import type { Changes } from "../changes.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

/** The picture. What it plays is the file that was sent; the sound comes from the sounds that were made. */
class FilmPicture extends Panel {
  static override properties = { ...Panel.properties, cannotPlay: { state: true } };

  declare cannotPlay: boolean;

  /** The film that was asked for after a failure, and has not loaded since. */
  #asked = "";

  constructor() {
    super();
    this.cannotPlay = false;
  }

  protected override watched(): Changes[] {
    return [this.studio.film];
  }

  protected override render(): TemplateResult {
    const texts = text();
    const { film, project } = this.studio;
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
                src=${pathOf(file)}
                @click=${() => this.studio.playback.toggle()}
                @loadedmetadata=${this.#loaded}
                @error=${(event: Event) => this.#failed(event.target as HTMLVideoElement, file)}
              ></video>`
            : nothing,
        )}
      </div>
      ${this.cannotPlay ? html`<p class="over" role="status">${texts.film.unplayable(film.analysis?.codec ?? "")}</p>` : nothing}
      ${film.stage === "looking" ? html`<p class="over" role="status">${texts.film.looking}<progress aria-label=${texts.film.looking}></progress></p>` : nothing}
      ${
        film.stage === "failed"
          ? html`<p class="over bad" role="alert">
            ${texts.film.failedLook(problemText(film.failure))} <button @click=${() => film.again()}>${texts.film.again}</button>
          </p>`
          : nothing
      }`;
  }

  protected override updated(): void {
    this.studio.playback.attach(this.querySelector("video"));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.studio.playback.attach(null);
  }

  #loaded(event: Event): void {
    const { playback } = this.studio;
    this.#asked = "";
    // A film whose sound alone can be played has no picture.
    this.cannotPlay = (event.target as HTMLVideoElement).videoWidth === 0;
    if (!playback.isPlaying) playback.seek(playback.position);
  }

  /**
   * A cut network, a server that is being started and a session that has ended look like a film that cannot be played. So the film is asked
   * for, as patiently as anything else, and loaded once more.
   */
  async #failed(video: HTMLVideoElement, file: string): Promise<void> {
    if (this.#asked === file) {
      this.cannotPlay = true;
      return;
    }
    try {
      await patiently(() => this.studio.api.request("GET", pathOf(file), { headers: { Range: "bytes=0-0" } }));
      this.#asked = file;
      if (video.isConnected) video.load();
    } catch {
      this.cannotPlay = true;
    }
  }
}

const pathOf = (file: string): string => `/v1/files/${encodeURIComponent(file)}`;

customElements.define("rewas-film", FilmPicture);
