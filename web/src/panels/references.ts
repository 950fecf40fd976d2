import { html, nothing, svg, type TemplateResult } from "lit";
import { searchLibrary } from "../api/library.ts";
import { Facts, placement } from "../api/soundFacts.ts";
import type { LibrarySound, Piece, Placement, Sound } from "../api/types.ts";
import { upload } from "../api/upload.ts";
import type { Changes } from "../changes.ts";
import { timeText } from "../desk/timeText.ts";
import { addTo, removeFrom, setOption } from "../project/commands.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { movedTo, secondsOf } from "./pieces.ts";

const owner = "references";
const ofLibrary = "library:";
/** Milliseconds of silence in typing before a search. */
const quiet = 350;
const sounds = "audio/*,.wav,.flac,.ogg,.opus,.mp3,.m4a,.aif,.aiff";

/** The user's own recordings: dropped here or found in the library, heard with the picture, and placed under its curve. */
class References extends Panel {
  static override properties = {
    ...Panel.properties,
    sending: { state: true },
    found: { state: true },
    searchFailure: { state: true },
    fits: { state: true },
    playing: { state: true },
    dropping: { state: true },
  };

  declare sending: string | null;
  declare found: readonly LibrarySound[] | null;
  declare searchFailure: unknown;
  declare fits: boolean;
  declare playing: string | null;
  declare dropping: boolean;

  readonly #placements = new Facts<Placement>(
    () => this.requestUpdate(),
    failure => this.studio.notices.report(failure),
  );
  #search: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #audio: HTMLAudioElement | null = null;

  constructor() {
    super();
    [this.sending, this.found, this.searchFailure, this.playing] = [null, null, null, null];
    [this.fits, this.dropping] = [false, false];
  }

  protected override watched(): Changes[] {
    return [this.studio.making];
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#hush();
    this.#search?.abort();
    clearTimeout(this.#timer);
  }

  protected override render(): TemplateResult {
    const { project, making } = this.studio;
    const texts = text().references;
    const references = project.document.options.reference ?? [];
    const { chosen } = project.document;
    const sound = making.sound(chosen?.sound);
    const isBusy = making.running !== null || making.isOrdering;
    return html`<div class="stack references">
      ${this.#drop()}
      <ul class="list" aria-label=${texts.name}>
        ${references.map(reference => this.#recording(reference))}
      </ul>
      ${references.length > 0 ? this.#strength() : nothing}
      ${this.#library(references)}
      ${sound?.status === "succeeded" && chosen ? this.#placed(sound, chosen.candidate) : nothing}
      ${
        references.length > 0 || (project.document.options.ban ?? []).length > 0
          ? html`<button class="main" ?disabled=${isBusy || project.document.prompt.trim() === ""} @click=${() => making.start()}>${texts.place}</button>
              ${project.document.prompt.trim() === "" ? html`<p class="soft">${texts.needPrompt}</p>` : nothing}`
          : nothing
      }
    </div>`;
  }

  #drop(): TemplateResult {
    const texts = text().references;
    return html`<div
      class="drop small ${this.dropping ? "over" : ""}"
      @dragover=${(event: DragEvent) => {
        event.preventDefault();
        this.dropping = true;
      }}
      @dragleave=${() => {
        this.dropping = false;
      }}
      @drop=${(event: DragEvent) => {
        event.preventDefault();
        this.dropping = false;
        void this.#send([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <label class="button"
        >${texts.choose}<input
          class="hidden"
          type="file"
          multiple
          accept=${sounds}
          @change=${(event: Event) => {
            const field = event.target as HTMLInputElement;
            void this.#send([...(field.files ?? [])]);
            field.value = "";
          }}
      /></label>
      <p class="soft">${texts.drop}</p>
      ${this.sending === null ? nothing : html`<p role="status">${texts.sending(this.sending)}</p><progress aria-label=${texts.sending(this.sending)}></progress>`}
    </div>`;
  }

  #recording(reference: string): TemplateResult {
    const texts = text().references;
    const name = this.#nameOf(reference);
    const path = reference.startsWith(ofLibrary)
      ? `/v1/library/sounds/${encodeURIComponent(reference.slice(ofLibrary.length))}/content`
      : `/v1/files/${encodeURIComponent(reference)}`;
    return html`<li class="row">
      <span class="name">${name}</span>
      ${this.#hearButtons(path, name)}
      <button aria-label="${texts.remove}: ${name}" @click=${() => this.studio.project.do(removeFrom("reference", reference))}>${texts.remove}</button>
    </li>`;
  }

  #hearButtons(path: string, name: string): TemplateResult {
    const texts = text().references;
    const isPlaying = this.playing === path;
    return html`<span class="group">
      <button aria-pressed=${isPlaying} aria-label="${isPlaying ? texts.stop : texts.hear}: ${name}" @click=${() => this.#hear(path, false)}>
        ${isPlaying ? texts.stop : texts.hear}
      </button>
      <button aria-label="${texts.withPicture}: ${name}" @click=${() => this.#hear(path, true)}>${texts.withPicture}</button>
    </span>`;
  }

  #strength(): TemplateResult {
    const texts = text().references;
    const { project } = this.studio;
    const value = project.document.options["reference-strength"] ?? 0;
    return html`<label class="strength"
        >${texts.strength}
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          .value=${String(value)}
          aria-valuetext=${value === 0 ? texts.asTheyAre : String(value)}
          @input=${(event: Event) => project.do(setOption("reference-strength", (event.target as HTMLInputElement).valueAsNumber || undefined))}
          @change=${() => project.endStep()}
      /></label>
      <p class="soft">${value === 0 ? texts.asTheyAre : texts.startsFrom(value.toFixed(2))}</p>`;
  }

  #library(references: readonly string[]): TemplateResult {
    const texts = text().references;
    return html`<section class="stack" aria-label=${texts.library}>
      <h3>${texts.library}</h3>
      <div class="row">
        <input
          type="search"
          aria-label=${texts.search}
          placeholder=${texts.searchHint}
          maxlength="500"
          @input=${(event: Event) => this.#ask((event.target as HTMLInputElement).value)}
        />
        <label
          ><input
            type="checkbox"
            .checked=${this.fits}
            @change=${(event: Event) => {
              this.fits = (event.target as HTMLInputElement).checked;
              this.#ask(this.querySelector<HTMLInputElement>("input[type=search]")?.value ?? "");
            }}
          />
          ${texts.fits}</label
        >
      </div>
      <div aria-live="polite">
        ${this.searchFailure ? html`<p class="bad">${problemText(this.searchFailure)}</p>` : nothing}
        ${
          this.found === null
            ? nothing
            : this.found.length === 0
              ? html`<p class="soft">${texts.nothing}</p>`
              : html`<ul class="list found">
              ${this.found.map(sound => this.#result(sound, references.includes(sound.reference)))}
            </ul>`
        }
      </div>
    </section>`;
  }

  #result(sound: LibrarySound, isUsed: boolean): TemplateResult {
    const texts = text().references;
    return html`<li>
      <div class="row">
        <span class="name">${sound.name}</span>
        <span class="soft time">${texts.seconds(sound.seconds.toFixed(1))}</span>
      </div>
      <p class="soft">${[sound.tags, sound.fit === undefined || sound.fit === null ? "" : texts.fit(Math.round(sound.fit * 100))].filter(part => part !== "").join(" · ")}</p>
      <div class="row">
        ${this.#hearButtons(sound.content, sound.name)}
        <button
          ?disabled=${isUsed}
          aria-label="${texts.add}: ${sound.name}"
          @click=${() => {
            this.studio.project.note(({ libraryNames }) => ({ libraryNames: { ...libraryNames, [sound.reference]: sound.name } }));
            this.studio.project.do(addTo("reference", sound.reference));
          }}
        >
          ${isUsed ? texts.added : texts.add}
        </button>
      </div>
    </li>`;
  }

  #placed(sound: Sound, candidate: number): TemplateResult | typeof nothing {
    const references = sound.options["reference"];
    const library = sound.options["library"] === "on";
    if (!library && !(Array.isArray(references) && references.length > 0)) return nothing;
    const texts = text().references;
    const placed = this.#placements.of(`${sound.id}/${candidate}`, () => placement(this.studio.api, sound.id, candidate));
    if (!placed) return html`<p class="soft" role="status">${texts.looking}</p>`;
    const { ban = [], pin = [] } = this.studio.project.document.options;
    const shown = placed.pieces;
    return html`<section class="stack" aria-label=${texts.pieces}>
      <h3>${texts.pieces}</h3>
      ${this.#track(shown, ban)}
      <p class="soft">${texts.piecesHint}</p>
      <ol class="list pieces">
        ${shown.map(piece => this.#piece(piece, placed, ban.includes(piece.id), pin))}
      </ol>
      ${this.#banned(ban.filter(id => !shown.some(piece => piece.id === id)))}
    </section>`;
  }

  /** The pieces on the time of the film. The list below has the same for the keyboard. */
  #track(pieces: readonly Piece[], ban: readonly string[]): TemplateResult {
    const duration = this.studio.playback.duration || 1;
    return html`<svg class="piece-track" viewBox="0 0 ${duration} 1" preserveAspectRatio="none" aria-hidden="true" @pointerdown=${this.#grab}>
      ${pieces.map(
        piece => svg`<rect class=${ban.includes(piece.id) ? "banned" : ""} data-piece=${piece.id} x=${piece.at} y="0.1" height="0.8"
          width=${Math.max(piece.seconds, duration / 200)}></rect>`,
      )}
    </svg>`;
  }

  #piece(piece: Piece, placed: Placement, isBanned: boolean, pin: readonly string[]): TemplateResult {
    const texts = text().references;
    const name = this.#nameOf(placed.recordings[piece.recording]?.name ?? "");
    const about = texts.piece(name, timeText(piece.at));
    const pinned = pin.find(id => this.#isOf(id, piece));
    return html`<li class="row ${isBanned ? "is-banned" : ""}">
      <button class="quiet time" @click=${() => this.studio.playback.seek(piece.at)} aria-label=${texts.goTo(about)}>${timeText(piece.at)}</button>
      <span class="name">${name}</span>
      <input
        type="number"
        class="at"
        min="0"
        max=${this.studio.playback.duration}
        step="0.01"
        .value=${(pinned ? secondsOf(pinned) : piece.at).toFixed(2)}
        aria-label=${texts.moveTo(about)}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          if (field.checkValidity()) this.#move(piece, field.valueAsNumber);
          else field.reportValidity();
        }}
      />
      <button aria-pressed=${pinned !== undefined} aria-label="${texts.pin}: ${about}" @click=${() => this.#pin(piece, pinned)}>${texts.pin}</button>
      <button aria-pressed=${isBanned} aria-label="${texts.ban}: ${about}" @click=${() => this.#ban(piece, isBanned)}>${texts.ban}</button>
    </li>`;
  }

  #banned(ids: readonly string[]): TemplateResult | typeof nothing {
    if (ids.length === 0) return nothing;
    const texts = text().references;
    return html`<h3>${texts.banned}</h3>
      <ul class="list">
        ${ids.map(id => {
          const about = texts.piece("", timeText(secondsOf(id)));
          return html`<li class="row">
            <span class="name">${about}</span>
            <button aria-label="${texts.allow}: ${about}" @click=${() => this.studio.project.do(removeFrom("ban", id))}>${texts.allow}</button>
          </li>`;
        })}
      </ul>`;
  }

  /** Whether a pinned id is this piece, here or moved. */
  #isOf(id: string, piece: Piece): boolean {
    return id === piece.id || this.#moves.get(piece.id) === id;
  }

  readonly #moves = new Map<string, string>();

  #pin(piece: Piece, pinned: string | undefined): void {
    const { project } = this.studio;
    if (pinned !== undefined) project.do(removeFrom("pin", pinned));
    else project.do(addTo("pin", piece.id));
  }

  #ban(piece: Piece, isBanned: boolean): void {
    this.studio.project.do(isBanned ? removeFrom("ban", piece.id) : addTo("ban", piece.id));
  }

  /** Pins a piece at another time, and bans it where it was. */
  #move(piece: Piece, seconds: number): void {
    const moved = movedTo(piece, seconds);
    const before = this.#moves.get(piece.id);
    this.#moves.set(piece.id, moved);
    this.studio.project.do({
      change: ({ options }) => {
        const pin = [...(options.pin ?? []).filter(id => id !== before && id !== piece.id), ...(moved === piece.id ? [] : [moved])];
        const ban = [...(options.ban ?? []).filter(id => id !== piece.id), ...(moved === piece.id ? [] : [piece.id])];
        return { options: { ...options, pin, ban } };
      },
    });
  }

  /** Drags a piece on the track. */
  #grab(event: PointerEvent): void {
    const shape = event.target as SVGRectElement;
    const id = shape.dataset["piece"];
    const { chosen } = this.studio.project.document;
    const placed = chosen && this.#placements.of(`${chosen.sound}/${chosen.candidate}`, () => Promise.reject(new Error("not asked")));
    const piece = placed?.pieces.find(one => one.id === id);
    if (!piece) return;
    const track = event.currentTarget as SVGSVGElement;
    const perPixel = this.studio.playback.duration / track.getBoundingClientRect().width;
    const start = event.clientX;
    let at = piece.at;
    const move = (moved: PointerEvent) => {
      at = Math.max(0, Math.min(this.studio.playback.duration - piece.seconds, piece.at + (moved.clientX - start) * perPixel));
      shape.setAttribute("x", String(at));
    };
    track.setPointerCapture(event.pointerId);
    track.addEventListener("pointermove", move);
    const end = () => {
      track.removeEventListener("pointermove", move);
      if (Math.abs(at - piece.at) > 0.005) this.#move(piece, at);
    };
    track.addEventListener("pointerup", end, { once: true });
    track.addEventListener("pointercancel", end, { once: true });
  }

  async #send(files: readonly File[]): Promise<void> {
    const { api, project, notices } = this.studio;
    for (const file of files) {
      this.sending = file.name;
      try {
        const stored = await upload(api, file, () => {});
        project.note(({ names }) => ({ names: { ...names, [stored.id]: file.name } }));
        project.do(addTo("reference", stored.id));
      } catch (failure) {
        notices.report(failure);
      }
    }
    this.sending = null;
  }

  #ask(words: string): void {
    clearTimeout(this.#timer);
    this.#search?.abort();
    if (words.trim() === "" && !this.fits) {
      [this.found, this.searchFailure] = [null, null];
      return;
    }
    const search = new AbortController();
    this.#search = search;
    this.#timer = setTimeout(async () => {
      try {
        const film = this.fits ? (this.studio.project.document.film?.file ?? null) : null;
        this.found = (await searchLibrary(this.studio.api, words.trim(), film, search.signal)).data;
        this.searchFailure = null;
      } catch (failure) {
        if (!search.signal.aborted) this.searchFailure = failure;
      }
    }, quiet);
  }

  /** Plays a recording alone, or with the picture from the playhead on in place of the sound. */
  #hear(path: string, withPicture: boolean): void {
    const { playback, audition, notices } = this.studio;
    const stops = this.playing === path && !withPicture;
    this.#hush();
    if (stops) return;
    this.playing = path;
    const audio = new Audio();
    this.#audio = audio;
    audio.onended = () => {
      if (this.#audio === audio) this.#hush();
    };
    if (withPicture) audition.hear(owner, []);
    audio.src = path;
    if (withPicture) void playback.play();
    audio.play().catch(failure => {
      if (this.#audio !== audio) return;
      this.#hush();
      notices.report(failure);
    });
  }

  #hush(): void {
    this.#audio?.pause();
    if (this.#audio && this.studio.audition.owner === owner) this.studio.playback.pause();
    this.studio.audition.end(owner);
    [this.#audio, this.playing] = [null, null];
  }

  #nameOf(reference: string): string {
    const { names, libraryNames } = this.studio.project.document;
    return names[reference] ?? libraryNames?.[reference] ?? reference;
  }
}

customElements.define("rewas-references", References);
