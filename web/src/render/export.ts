import { html, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";
import { contentOf, take } from "./take.ts";

const films = ["mp4", "mov", "mkv", "webm"];
const sounds = ["wav", "flac"];

/** What can be taken away: the film with its sound, the sound alone, its layers, and how it was made. */
class Export extends Panel {
  protected override watched(): Changes[] {
    return [this.studio.making];
  }

  protected override render(): TemplateResult {
    const texts = text().export;
    const { project, making } = this.studio;
    const { chosen, options } = project.document;
    const sound = making.sound(chosen?.sound);
    if (!chosen || sound?.status !== "succeeded") return html`<p class="soft">${texts.none}</p>`;
    const content = (choice: { stem?: string; format?: string }) => contentOf(chosen, choice);
    return html`<ul class="exports stack">
      ${this.#formats(texts.film, films, format => content({ format }), "")} ${this.#formats(texts.sound, sounds, format => content({ format }), "")}
      ${this.#one(texts.primary, content({ stem: "primary" }), "-primary.wav")}
      ${sound.options["environment"] || options.environment ? this.#one(texts.environment, content({ stem: "environment" }), "-environment.wav") : ""}
      ${this.#one(texts.sidecar, `/v1/sounds/${encodeURIComponent(sound.id)}/sidecar?candidate=${chosen.candidate}`, ".json")}
    </ul>`;
  }

  #formats(name: string, formats: readonly string[], path: (format: string) => string, ending: string): TemplateResult {
    const texts = text().export;
    return html`<li>
      <form
        class="row"
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          const format = new FormData(event.currentTarget as HTMLFormElement).get("format") as string;
          this.#save(path(format), `${ending}.${format}`);
        }}
      >
        <span class="name">${name}</span>
        <select name="format" aria-label=${`${name}: ${texts.format}`}>
          ${formats.map(format => html`<option>${format}</option>`)}
        </select>
        <button class="main" aria-label=${`${texts.download}: ${name}`}>${texts.download}</button>
      </form>
    </li>`;
  }

  #one(name: string, path: string, ending: string): TemplateResult {
    const texts = text().export;
    return html`<li class="row">
      <span class="name">${name}</span>
      <button aria-label=${`${texts.download}: ${name}`} @click=${() => this.#save(path, ending)}>${texts.download}</button>
    </li>`;
  }

  #save(path: string, ending: string): void {
    take(this.studio, path, ending);
  }
}

customElements.define("rewas-export", Export);
