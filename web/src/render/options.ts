import { html, nothing, type TemplateResult } from "lit";
import type { Options } from "../api/types.ts";
import { setOption } from "../project/commands.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { type OptionSchema, optionSchemas } from "./schema.ts";

/** Options that are shown first. */
const first = [
  "preset",
  "candidates",
  "seed",
  "level",
  "no-speech",
  "no-music",
  "fresh-seeds",
  "original",
  "loudness",
  "environment",
  "environment-gain",
];

/** The options of an order, made from the API's document: few at first, all on demand. */
class OptionsPanel extends Panel {
  static override properties = { ...Panel.properties, schemas: { state: true }, all: { state: true } };

  declare schemas: readonly OptionSchema[];
  declare all: boolean;

  constructor() {
    super();
    this.schemas = [];
    this.all = false;
  }

  protected override render(): TemplateResult {
    const texts = text().render;
    const shown = this.all ? this.schemas : first.flatMap(name => this.schemas.find(schema => schema.name === name) ?? []);
    return html`<details class="options" @toggle=${this.#open}>
      <summary>${texts.options}${this.#count()}</summary>
      <div class="fields">${shown.map(schema => this.#field(schema))}</div>
      <button
        class="quiet"
        aria-expanded=${this.all}
        @click=${() => {
          this.all = !this.all;
        }}
      >
        ${this.all ? texts.fewOptions : texts.allOptions}
      </button>
    </details>`;
  }

  #count(): TemplateResult | typeof nothing {
    const set = Object.keys(this.studio.project.document.options).filter(name => this.schemas.some(schema => schema.name === name)).length;
    return set > 0 ? html` <span class="soft">(${set})</span>` : nothing;
  }

  async #open(): Promise<void> {
    if (this.schemas.length > 0) return;
    try {
      this.schemas = await optionSchemas(this.studio.api);
    } catch (failure) {
      this.studio.notices.report(failure);
    }
  }

  #field(schema: OptionSchema): TemplateResult {
    const name = schema.name as keyof Options;
    const value = this.studio.project.document.options[name];
    const id = `option-${schema.name}`;
    const set = (given: unknown) => this.studio.project.do(setOption(name, given as Options[typeof name] | undefined));
    return html`<label for=${id} title=${schema.description}>${schema.name}</label>${this.#control(schema, id, value, set)}
      <p class="help soft" id=${`${id}-help`}>${schema.description}</p>`;
  }

  #control(schema: OptionSchema, id: string, value: unknown, set: (value: unknown) => void): TemplateResult {
    const usual = text().render.default;
    const help = `${id}-help`;
    if (schema.choices)
      return html`<select
        id=${id}
        aria-describedby=${help}
        @change=${(event: Event) => {
          const chosen = (event.target as HTMLSelectElement).value;
          set(chosen === "" ? undefined : schema.type === "string" ? chosen : Number(chosen));
        }}
      >
        <option value="" ?selected=${value === undefined}>${usual}</option>
        ${schema.choices.map(choice => html`<option value=${String(choice)} ?selected=${choice === value}>${choice}</option>`)}
      </select>`;
    if (schema.type === "boolean")
      return html`<input
        id=${id}
        type="checkbox"
        aria-describedby=${help}
        .checked=${value === true}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked || undefined)}
      />`;
    if (schema.type === "string")
      return html`<input
        id=${id}
        type="text"
        aria-describedby=${help}
        maxlength=${schema.longest ?? nothing}
        .value=${String(value ?? "")}
        placeholder=${usual}
        @input=${(event: Event) => set((event.target as HTMLInputElement).value || undefined)}
        @change=${() => this.studio.project.endStep()}
      />`;
    return html`<input
      id=${id}
      type="number"
      aria-describedby=${help}
      min=${schema.minimum ?? nothing}
      max=${schema.maximum ?? nothing}
      step=${schema.type === "integer" ? 1 : "any"}
      .value=${value === undefined ? "" : String(value)}
      placeholder=${usual}
      @change=${(event: Event) => {
        const field = event.target as HTMLInputElement;
        if (field.checkValidity()) set(field.value === "" ? undefined : field.valueAsNumber);
        else field.reportValidity();
      }}
    />`;
  }
}

customElements.define("rewas-options", OptionsPanel);
