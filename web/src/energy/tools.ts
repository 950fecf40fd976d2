import { html, nothing, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { icons } from "../desk/icons.ts";
import { clearEdits, removeEdit, setCurve } from "../project/commands.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { affectedWindows } from "./affected.ts";
import { compareWith } from "./comparing.ts";
import * as edits from "./editText.ts";
import { type ToolName, tool } from "./tool.ts";

/** The tools of the energy lane, and the list of what was done. */
class EnergyTools extends Panel {
  protected override watched(): Changes[] {
    const { view, energy, film, making } = this.studio;
    return [view, energy, film, making, tool];
  }

  protected override render(): TemplateResult {
    const texts = text().energy;
    const { energy, project, film, view } = this.studio;
    const { selection } = view;
    const { windows, changed } = affectedWindows(this.studio);
    const names: [ToolName, string][] = [
      ["select", texts.select],
      ["draw", texts.draw],
      ["event", texts.event],
      ["erase", texts.erase],
    ];
    return html`<section class="tools" aria-label=${texts.name}>
      <div class="row">
        <span class="group" role="group">
          ${names.map(
            ([name, shown]) => html`<button aria-pressed=${tool.name === name} @click=${() => tool.choose(name)}>${shown}</button>`,
          )}
        </span>
        <span class="group" role="group" aria-label=${texts.whole}>
          <button ?disabled=${!selection} @click=${() => selection && energy.add(edits.mute(selection))}>${texts.mute}</button>
          <button ?disabled=${!selection} @click=${() => selection && energy.add(edits.fadeIn(selection))}>${texts.fadeIn}</button>
          <button ?disabled=${!selection} @click=${() => selection && energy.add(edits.fadeOut(selection))}>${texts.fadeOut}</button>
        </span>
        ${this.#number(texts.gain, texts.decibels, -6, 1, value => edits.gain(selection, value))}
        ${this.#number(texts.shift, texts.seconds, 0.1, 0.01, value => edits.shift(selection, value))}
        ${this.#number(texts.stretch, texts.factor, 1.2, 0.05, value => edits.stretch(selection, value))}
        <span class="space"></span>
        <span class="soft">
          ${texts.onsets(energy.curve?.onsets.length ?? 0)} · ${texts.cuts(film.analysis?.cuts.length ?? 0)}
          ${changed.size > 0 ? html` · <strong class="doubt">${texts.windows(changed.size, windows.length)}</strong>` : nothing}
        </span>
      </div>
      ${energy.failure ? html`<p class="bad" role="alert">${texts.failed(problemText(energy.failure))}</p>` : nothing}
      <div class="row edits">
        <h2>${texts.edits}</h2>
        ${
          project.document.edits.length === 0
            ? html`<span class="soft">${texts.noEdits}</span>`
            : html`<ol class="row">
                  ${project.document.edits.map(
                    (edit, index) => html`<li class="chip">
                      <code title=${edit}>${edit.length <= 44 ? edit : `${edit.slice(0, 44)}…`}</code>
                      <button
                        class="quiet icon"
                        title=${texts.removeEdit(edit)}
                        aria-label=${texts.removeEdit(edit)}
                        @click=${() => energy.try(removeEdit(index))}
                      >
                        ${icons.remove}
                      </button>
                    </li>`,
                  )}
                </ol>
                <button class="quiet" @click=${() => project.do(clearEdits())}>${texts.clear}</button>`
        }
        <span class="space"></span>
        ${this.#comparison()}
      </div>
    </section>`;
  }

  /** A number, and the edit that it makes. */
  #number(name: string, unit: string, usual: number, step: number, edit: (value: number) => string): TemplateResult {
    return html`<form
      class="number"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const field = (event.currentTarget as HTMLFormElement).elements.namedItem("value") as HTMLInputElement;
        if (Number.isFinite(field.valueAsNumber)) void this.studio.energy.add(edit(field.valueAsNumber));
      }}
    >
      <input name="value" type="number" step=${step} .defaultValue=${String(usual)} aria-label=${`${name}: ${unit}`} title=${unit} required />
      <button>${name}</button>
    </form>`;
  }

  #comparison(): TemplateResult {
    const texts = text().energy;
    const { comparison } = this.studio.energy;
    if (comparison)
      return html`<span class="compare">${texts.comparing(comparison.name)}</span>
        <button @click=${() => this.studio.energy.try(setCurve(comparison.values))}>${texts.useCompare}</button>
        <button class="quiet" @click=${() => this.studio.energy.compare(null)}>${texts.endCompare}</button>`;
    return html`<label class="button quiet-button"
      >${texts.compare}<input
        class="hidden"
        type="file"
        accept="audio/*,video/*"
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const file = field.files?.[0];
          field.value = "";
          if (file) void compareWith(this.studio, file);
        }}
    /></label>`;
  }
}

customElements.define("rewas-energy-tools", EnergyTools);
