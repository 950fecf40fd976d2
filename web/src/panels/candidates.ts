import { html, nothing, type TemplateResult } from "lit";
import { Facts, levels } from "../api/soundFacts.ts";
import type { Levels } from "../api/types.ts";
import type { Changes } from "../changes.ts";
import { setOption } from "../project/commands.ts";
import type { Choice } from "../project/document.ts";
import { heardIn } from "../render/guard.ts";
import { heardLine } from "../render/heard.ts";
import { hasEnded } from "../render/making.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { type Compared, comparedOf, keyOf, type Measure, measuresOf, mostCompared, sameChoice, sourcesOf } from "./comparison.ts";

const owner = "candidates";
const counts = [2, 4, 8];

/** The candidates of the chosen sound and those that are pinned, heard in place at the same level. */
class Candidates extends Panel {
  readonly #levels = new Facts<Levels>(() => this.requestUpdate());
  /** What was heard before, to switch back and forth. */
  #before: Choice | null = null;
  #heard = "";

  protected override watched(): Changes[] {
    return [this.studio.making];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#press);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#press);
    this.studio.audition.end(owner);
    this.#heard = "";
  }

  protected override render(): TemplateResult {
    const texts = text().candidates;
    const compared = this.#compared();
    const { chosen } = this.studio.project.document;
    return html`<div class="stack">
      ${
        compared.length === 0
          ? html`<p class="soft">${texts.none}</p>`
          : html`<p class="soft">${compared.length > 1 ? texts.how : texts.one}</p>
              <div class="candidates" role="radiogroup" aria-label=${texts.name}>
                ${compared.map((one, i) => this.#row(one, i, compared, sameChoice(one.choice, chosen)))}
              </div>`
      }
      ${this.#more()}
    </div>`;
  }

  #row(one: Compared, index: number, compared: readonly Compared[], isHeard: boolean): TemplateResult {
    const texts = text().candidates;
    const { candidate, choice, sound } = one;
    const name = texts.number(index + 1);
    const measures = measuresOf(candidate, sound.candidates ?? []);
    const level = this.#levels.of(keyOf(choice), () => levels(this.studio.api, choice.sound, choice.candidate));
    const loudness = level?.loudness;
    const heard = heardIn(sound, candidate.rank);
    return html`<div class="candidate ${isHeard ? "heard" : ""}">
      <button
        role="radio"
        aria-checked=${isHeard}
        aria-keyshortcuts=${index + 1}
        aria-describedby=${heard ? `why-${index} heard-${index}` : `why-${index}`}
        tabindex=${isHeard || (index === 0 && !compared.some(other => sameChoice(other.choice, this.studio.project.document.chosen))) ? 0 : -1}
        class="choose"
        @click=${() => this.#choose(choice)}
        @keydown=${this.#move}
      >
        <kbd aria-hidden="true">${index + 1}</kbd> ${name}
        ${candidate.score === undefined || candidate.score === null ? nothing : html`<span class="time">${candidate.score.toFixed(2)}</span>`}
      </button>
      <span class="soft time">${loudness === undefined || loudness === null ? "" : texts.loudness(loudness.toFixed(1))}</span>
      <span class="space"></span>
      <button aria-pressed=${one.isPinned} aria-label="${texts.pin}: ${name}" title=${texts.pinHint} @click=${() => this.#pin(one)}>${texts.pin}</button>
      <button
        aria-pressed=${this.#isKept(choice)}
        aria-label="${texts.keep}: ${name}"
        title=${texts.keepHint}
        @click=${() => this.#keep(choice.sound, !this.#isKept(choice))}
      >
        ${texts.keep}
      </button>
      <p class="why soft" id="why-${index}">${sound.id === this.studio.project.document.chosen?.sound ? "" : `${texts.ofOther(String(sound.options["prompt"] ?? ""))} `}${measures.map(
        (measure, i) => html`${i > 0 ? " · " : ""}<span class=${measure.isBest ? "best" : ""}>${this.#measure(measure)}</span>`,
      )}</p>
      ${heard ? html`<p class="why soft" id="heard-${index}">${heardLine(heard)}</p>` : nothing}
    </div>`;
  }

  #measure({ name, value, isBest }: Measure): string {
    const texts = text().candidates;
    const told = {
      similarity: texts.similarity(value.toFixed(2)),
      energy_error: texts.energyError(value.toFixed(2)),
      onset_agreement: texts.onsets(Math.round(value * 100)),
      clipping: texts.clipping((value * 100).toFixed(2)),
      hum: texts.hum(value.toFixed(1)),
    }[name];
    return isBest ? `${told} (${texts.best})` : told;
  }

  #more(): TemplateResult {
    const texts = text().candidates;
    const { project, making } = this.studio;
    const wanted = project.document.options.candidates ?? 1;
    const isBusy = making.running !== null || making.isOrdering;
    return html`<div class="row">
      <label
        >${texts.count}
        <select
          @change=${(event: Event) => project.do(setOption("candidates", Number((event.target as HTMLSelectElement).value)))}
        >
          ${counts.map(count => html`<option value=${count} ?selected=${count === (wanted > 1 ? wanted : 4)}>${count}</option>`)}
        </select>
      </label>
      <button ?disabled=${isBusy || project.document.prompt.trim() === ""} @click=${() => this.#make()}>${texts.make}</button>
    </div>`;
  }

  protected override updated(): void {
    const { audition, project, making } = this.studio;
    const { chosen } = project.document;
    const compared = this.#compared();
    const sound = making.sound(chosen?.sound);
    if (compared.length < 2 || (sound && !hasEnded(sound))) {
      audition.end(owner);
      this.#heard = "";
      return;
    }
    const sources = sourcesOf(compared, chosen, choice =>
      this.#levels.of(keyOf(choice), () => levels(this.studio.api, choice.sound, choice.candidate)),
    );
    const heard = JSON.stringify(sources);
    if (heard === this.#heard) return;
    this.#heard = heard;
    audition.hear(owner, sources);
  }

  #compared(): Compared[] {
    return comparedOf(this.studio.project.document, id => this.studio.making.sound(id));
  }

  #choose(choice: Choice): void {
    const { chosen } = this.studio.project.document;
    if (sameChoice(chosen, choice)) return;
    this.#before = chosen;
    this.studio.project.note(() => ({ chosen: choice }));
  }

  #isKept({ sound }: Choice): boolean {
    return this.studio.project.document.renders.some(render => render.sound === sound && render.kept);
  }

  #keep(sound: string, kept: boolean): void {
    this.studio.project.note(({ renders, pinned }) => ({
      renders: renders.map(render => (render.sound === sound ? { ...render, kept } : render)),
      // What is not kept cannot stay pinned: it may be forgotten.
      pinned: kept ? (pinned ?? []) : (pinned ?? []).filter(pin => pin.sound !== sound),
    }));
  }

  #pin({ choice, isPinned }: Compared): void {
    if (!isPinned) this.#keep(choice.sound, true);
    this.studio.project.note(({ pinned }) => ({
      pinned: isPinned ? (pinned ?? []).filter(pin => !sameChoice(pin, choice)) : [...(pinned ?? []), choice].slice(-(mostCompared - 1)),
    }));
  }

  #make(): void {
    const { project, making } = this.studio;
    const wanted = Number(this.querySelector("select")?.value);
    project.do(setOption("candidates", wanted));
    making.start();
  }

  /** Arrows move between the candidates, as in every group of choices. */
  readonly #move = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const all = [...this.querySelectorAll<HTMLElement>("[role=radio]")];
    const next = all[(all.indexOf(event.currentTarget as HTMLElement) + by + all.length) % all.length];
    next?.click();
    next?.focus();
  };

  /** 1 to 8 choose a candidate, and B the one that was heard before. */
  readonly #press = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (target.matches("input, textarea, select")) return;
    const choice = event.key.toLowerCase() === "b" ? this.#before : this.#compared()[Number(event.key) - 1]?.choice;
    if (!choice) return;
    event.preventDefault();
    this.#choose(choice);
  };
}

customElements.define("rewas-candidates", Candidates);
