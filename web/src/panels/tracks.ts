import { html, nothing, type TemplateResult } from "lit";
import { Facts, levels } from "../api/soundFacts.ts";
import type { Levels, Options, Sound } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import type { Reading } from "../playback/loudness.ts";
import { setOption } from "../project/commands.ts";
import type { TrackMix } from "../project/document.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { isMixChanged, mixOf, type Track, tracksOf, usualEnvironmentGain } from "./mixing.ts";

const quietest = -40;
const loudest = 12;
/** Ends of the meter, LUFS. */
const meterLow = -50;
const originals = ["replace", "keep", "duck"] as const;

const gainOption: Partial<Record<Track, "volume" | "environment-gain">> = { primary: "volume", environment: "environment-gain" };

/** The layers of the chosen sound: what is heard of them, how loud, and how loud all is together. */
class Tracks extends Panel {
  readonly #levels = new Facts<Levels>(() => this.requestUpdate());
  #endMeter: (() => void) | null = null;

  protected override watched(): Changes[] {
    const { making, playback, film } = this.studio;
    return [making, playback, film];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endMeter = this.studio.playback.meter.subscribe(() => this.#tell());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endMeter?.();
  }

  protected override render(): TemplateResult {
    const texts = text().tracks;
    const { project, making, film } = this.studio;
    const { chosen } = project.document;
    const sound = making.sound(chosen?.sound);
    if (!chosen || sound?.status !== "succeeded") return html`<p class="soft">${texts.none}</p>`;
    const hasOriginal = film.analysis?.has_audio ?? false;
    const isChanged = isMixChanged(project.document, sound, hasOriginal);
    return html`<div class="stack">
      <table class="tracks">
        <caption class="hidden">${texts.name}</caption>
        <thead>
          <tr>
            <th scope="col">${texts.track}</th>
            <th scope="col"><span class="hidden">${texts.heard}</span></th>
            <th scope="col">${texts.gain}</th>
            <th scope="col">LUFS</th>
          </tr>
        </thead>
        <tbody>
          ${tracksOf(sound, hasOriginal).map(track => this.#row(track, sound, chosen.candidate))}
        </tbody>
      </table>
      ${this.#references(sound)}
      <section class="meter stack" aria-label=${texts.meter}>
        <h3>${texts.meter}</h3>
        <div class="bar-meter" role="img" aria-label=${texts.momentary}><span class="level"></span><span class="peak"></span></div>
        <dl class="readings">
          ${["momentary", "shortTerm", "integrated", "truePeak"].map(
            name => html`<div><dt>${texts[name as keyof Reading]}</dt><dd class="time" data-reading=${name}>–</dd></div>`,
          )}
        </dl>
        ${this.#whole(sound, chosen.candidate)}
      </section>
      ${
        isChanged
          ? html`<p class="soft">${texts.changed}</p>
              <button class="main" ?disabled=${making.running !== null || making.isOrdering} @click=${() => making.start()}>${texts.apply}</button>`
          : nothing
      }
    </div>`;
  }

  #row(track: Track, sound: Sound, candidate: number): TemplateResult {
    const texts = text().tracks;
    const { project } = this.studio;
    const name = texts[track];
    const mix = mixOf(project.document, track);
    const stem = track === "original" ? null : track;
    const level = stem
      ? this.#levels.of(`${sound.id}/${candidate}/${stem}`, () => levels(this.studio.api, sound.id, candidate, stem))
      : null;
    return html`<tr>
      <th scope="row">${name}</th>
      <td>
        <span class="group">
          <button
            aria-label="${texts.mute}: ${name}"
            title=${texts.mute}
            aria-pressed=${mix.muted}
            @click=${() => this.#mix(track, { muted: !mix.muted })}
          >
            M
          </button>
          <button
            aria-label="${texts.solo}: ${name}"
            title=${texts.solo}
            aria-pressed=${mix.solo}
            @click=${() => this.#mix(track, { solo: !mix.solo })}
          >
            S
          </button>
        </span>
      </td>
      <td>${track === "original" ? this.#original(name) : this.#gain(track, name)}</td>
      <td class="time">${level ? this.#decibels(level.loudness) : ""}</td>
    </tr>`;
  }

  #gain(track: Track, name: string): TemplateResult {
    const texts = text().tracks;
    const option = gainOption[track] as "volume" | "environment-gain";
    const { project } = this.studio;
    const usual = option === "volume" ? 0 : usualEnvironmentGain;
    const value = project.document.options[option] ?? usual;
    return html`<span class="gain">
      <input
        type="range"
        min=${quietest}
        max=${loudest}
        step="0.5"
        .value=${String(value)}
        aria-label="${texts.gain}: ${name}"
        aria-valuetext="${value} dB"
        @input=${(event: Event) => {
          const given = (event.target as HTMLInputElement).valueAsNumber;
          project.do(setOption(option, (given === usual ? undefined : given) as Options[typeof option] | undefined));
        }}
        @change=${() => project.endStep()}
      /><span class="time">${value > 0 ? "+" : ""}${value}&nbsp;dB</span></span
    >`;
  }

  #original(name: string): TemplateResult {
    const texts = text().tracks;
    const { project } = this.studio;
    const value = project.document.options.original ?? "replace";
    const names = { replace: texts.replace, keep: texts.keep, duck: texts.duck };
    return html`<select
      aria-label=${name}
      @change=${(event: Event) => {
        const chosen = (event.target as HTMLSelectElement).value as (typeof originals)[number];
        project.do(setOption("original", chosen === "replace" ? undefined : chosen));
      }}
    >
      ${originals.map(original => html`<option value=${original} ?selected=${original === value}>${names[original]}</option>`)}
    </select>`;
  }

  #references(sound: Sound): TemplateResult | typeof nothing {
    const texts = text().tracks;
    const references = sound.options["reference"];
    if (!Array.isArray(references) || references.length === 0) return nothing;
    const strength = sound.options["reference-strength"];
    return html`<p class="soft">${typeof strength === "number" && strength > 0 ? texts.startsFrom(references.length) : texts.placed(references.length)}</p>`;
  }

  #whole(sound: Sound, candidate: number): TemplateResult {
    const texts = text().tracks;
    const level = this.#levels.of(`${sound.id}/${candidate}`, () => levels(this.studio.api, sound.id, candidate));
    return html`<p>${level ? texts.whole(this.#decibels(level.loudness), this.#decibels(level.true_peak)) : texts.measuring}</p>`;
  }

  #decibels(value: number | null | undefined): string {
    return value === null || value === undefined || !Number.isFinite(value) ? "−∞" : value.toFixed(1).replace("-", "−");
  }

  #mix(track: Track, change: Partial<TrackMix>): void {
    this.studio.project.note(document => ({ mix: { ...document.mix, [track]: { ...mixOf(document, track), ...change } } }));
  }

  protected override updated(): void {
    this.#tell();
  }

  /** Writes the readings without drawing the rest again. */
  #tell(): void {
    const { reading } = this.studio.playback.meter;
    const level = this.querySelector<HTMLElement>(".bar-meter .level");
    const peak = this.querySelector<HTMLElement>(".bar-meter .peak");
    if (!reading || !level || !peak) return;
    const part = (decibels: number) => `${Math.max(0, Math.min(1, 1 - decibels / meterLow)) * 100}%`;
    level.style.width = part(reading.momentary);
    peak.style.left = part(reading.truePeak);
    peak.classList.toggle("bad", reading.truePeak > -1);
    for (const shown of this.querySelectorAll<HTMLElement>("[data-reading]"))
      shown.textContent = this.#decibels(reading[shown.dataset["reading"] as keyof Reading]);
  }
}

customElements.define("rewas-tracks", Tracks);
