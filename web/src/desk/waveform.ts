import { html, type TemplateResult } from "lit";
import WaveSurfer from "wavesurfer.js";
import Minimap from "wavesurfer.js/plugins/minimap";
import Regions, { type Region } from "wavesurfer.js/plugins/regions";
import { Api } from "../api/api.ts";
import type { Changes } from "../changes.ts";
import { Peaks, peaksPerSecond } from "../playback/peaks.ts";
import { hasEnded } from "../render/making.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

const laneHeight = 84;
const minimapHeight = 22;
/** A sound with smaller peaks is drawn small. */
const quietest = 0.02;

/** The waveform of the sound that is heard, with the selection, and the whole sound in small below. It grows while the sound is made. */
class Waveform extends Panel {
  #surfer: WaveSurfer | null = null;
  #region: Region | null = null;
  #regions: ReturnType<typeof Regions.create> | null = null;
  #peaks: Peaks | null = null;
  #ended: (() => void) | null = null;
  #drawnScale = 0;
  #isFollowing = false;

  protected override watched(): Changes[] {
    const { view, making } = this.studio;
    return [view, making];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("themechange", this.#paint);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("themechange", this.#paint);
    this.#peaks?.close();
    this.#surfer?.destroy();
    [this.#peaks, this.#surfer, this.#region] = [null, null, null];
  }

  protected override render(): TemplateResult {
    const texts = text().desk;
    const empty = this.studio.project.document.chosen === null;
    return html`<div class="wave ${empty ? "empty" : ""}" role="img" aria-label=${texts.waveform}></div>
      <p class="no-sound soft" ?hidden=${!empty}>${texts.noSound}</p>
      <div class="minimap" aria-hidden="true"></div>`;
  }

  protected override updated(): void {
    this.#load();
    this.#follow();
  }

  #colours(): { waveColor: string; progressColor: string } {
    const colour = getComputedStyle(this).getPropertyValue("--wave");
    return { waveColor: colour, progressColor: colour };
  }

  readonly #paint = () => this.#surfer?.setOptions(this.#colours());

  #open(): WaveSurfer {
    if (this.#surfer) return this.#surfer;
    const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
    this.#regions = Regions.create();
    const surfer = WaveSurfer.create({
      container: this.querySelector(".wave") as HTMLElement,
      height: laneHeight,
      cspNonce: nonce,
      cursorWidth: 0,
      hideScrollbar: true,
      autoScroll: false,
      dragToSeek: false,
      normalize: true,
      ...this.#colours(),
      plugins: [
        this.#regions,
        Minimap.create({
          container: this.querySelector(".minimap") as HTMLElement,
          height: minimapHeight,
          cspNonce: nonce,
          overlayColor: getComputedStyle(this).getPropertyValue("--selection"),
          cursorWidth: 0,
          normalize: true,
          ...this.#colours(),
        }),
      ],
    });
    const { view, playback } = this.studio;
    surfer.on("click", relative => playback.seek(relative * view.duration));
    surfer.on("scroll", start => {
      // The minimap scrolls the waveform; the other lanes follow.
      if (!this.#isFollowing && Math.abs(start - view.start) * view.pixelsPerSecond > 1) view.scrollTo(start);
    });
    this.#regions.enableDragSelection({ color: getComputedStyle(this).getPropertyValue("--selection") }, 4);
    this.#regions.on("region-created", region => {
      if (region === this.#region) return;
      this.#region?.remove();
      this.#region = region;
      view.select({ from: region.start, to: region.end });
    });
    this.#regions.on("region-updated", region => view.select({ from: region.start, to: region.end }));
    this.#surfer = surfer;
    return surfer;
  }

  /** Path of the outline's sound. That of a single candidate is small: one channel at 16 kHz. */
  #path(): string | null {
    const { making, project } = this.studio;
    const { chosen } = project.document;
    const sound = making.sound(chosen?.sound);
    if (!sound || !chosen) return null;
    if (!hasEnded(sound) || (sound.status === "succeeded" && (sound.candidates?.length ?? 0) < 2))
      return Api.content(sound.id, { stem: "live" });
    return sound.status === "succeeded" ? Api.content(sound.id, { candidate: chosen.candidate, stem: "primary" }) : null;
  }

  #load(): void {
    const path = this.#path();
    if (path === (this.#peaks?.path ?? null) && this.#surfer) return;
    this.#ended?.();
    this.#peaks?.close();
    this.#peaks = path ? new Peaks(this.studio.api, path) : null;
    if (this.#peaks) {
      const peaks = this.#peaks;
      this.#ended = peaks.subscribe(() => this.#show(peaks.values));
      void peaks
        .read()
        .catch(() => {
          // The sound has failed or was stopped; its state says so.
        })
        .finally(() => {
          if (this.#peaks === peaks) this.ariaBusy = "false";
        });
    }
    this.ariaBusy = String(this.#peaks !== null);
    this.#show(new Float32Array(0));
  }

  #show(values: Float32Array): void {
    const { view } = this.studio;
    const surfer = this.#open();
    const whole = values.length > 0 ? values : new Float32Array(Math.max(2, Math.ceil(view.duration * peaksPerSecond)));
    // The lane shows the shape of the sound. Its level is in the energy below.
    const loudest = whole.reduce((most, value) => Math.max(most, value), quietest);
    surfer.setOptions({ maxPeak: loudest });
    void surfer.load("", [whole], view.duration).then(
      () => {
        this.#drawnScale = 0;
        this.#follow();
      },
      () => {
        // A newer outline has replaced it.
      },
    );
  }

  /** Shows the part of the time line that the other lanes show. */
  #follow(): void {
    const { view } = this.studio;
    const surfer = this.#surfer;
    if (!surfer?.getDecodedData()) return;
    this.#isFollowing = true;
    if (this.#drawnScale !== view.pixelsPerSecond) {
      this.#drawnScale = view.pixelsPerSecond;
      surfer.zoom(view.pixelsPerSecond);
    }
    surfer.setScroll(view.start * view.pixelsPerSecond);
    this.#isFollowing = false;
    this.#mark();
  }

  #mark(): void {
    const { selection } = this.studio.view;
    if (!selection) {
      this.#region?.remove();
      this.#region = null;
    } else if (this.#region) this.#region.setOptions({ start: selection.from, end: selection.to });
    else if (this.#regions)
      this.#region = this.#regions.addRegion({
        start: selection.from,
        end: selection.to,
        color: getComputedStyle(this).getPropertyValue("--selection"),
      });
  }
}

customElements.define("rewas-waveform", Waveform);
