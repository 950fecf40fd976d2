import { html, nothing, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { icons } from "../desk/icons.ts";
import { timeText } from "../desk/timeText.ts";
import { addTake, removeFrom } from "../project/commands.ts";
import { takeOf, takesOf } from "../project/takes.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

/** Makes the selected part of the sound again, with another seed or other words. The rest stays as it is. */
class Takes extends Panel {
  protected override watched(): Changes[] {
    const { view, making } = this.studio;
    return [view, making];
  }

  /** Makes the selection again, if there is a sound and a selection. */
  make(): void {
    const { view, project, making } = this.studio;
    if (!this.#canMake || !view.selection) return;
    const words = this.querySelector<HTMLInputElement>("input")?.value ?? "";
    project.do(addTake(takeOf(view.selection, words)));
    making.start();
  }

  get #canMake(): boolean {
    const { project, making } = this.studio;
    const isHeard = making.sound(project.document.chosen?.sound)?.status === "succeeded";
    return isHeard && this.studio.view.selection !== null && making.running === null && !making.isOrdering;
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = text().takes;
    const { project, view } = this.studio;
    const takes = takesOf(project.document.options.take ?? []);
    const { reference, "reference-strength": strength } = project.document.options;
    // Placed recordings are not sampled; their pieces are changed one by one.
    const isPlaced = (reference?.length ?? 0) > 0 && !strength;
    if ((project.document.chosen === null || isPlaced) && takes.length === 0) return nothing;
    return html`<section class="row takes" aria-label=${texts.name}>
      <form
        class="row"
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          this.make();
        }}
      >
        <button ?disabled=${!this.#canMake} title=${texts.hint} aria-keyshortcuts="T">${texts.make}</button>
        <input type="text" maxlength="500" aria-label=${texts.words} placeholder=${texts.words} />
      </form>
      ${takes.length === 0 ? html`<span class="soft">${view.selection ? texts.hint : texts.select}</span>` : nothing}
      ${takes.map(take => {
        const name = texts.take(timeText(take.from), timeText(take.to));
        return html`<span class="chip">
          <button class="quiet" title=${take.text} @click=${() => view.select(take)}>${name}</button>
          <button
            class="quiet icon"
            title=${texts.remove(name)}
            aria-label=${texts.remove(name)}
            @click=${() => project.do(removeFrom("take", take.text))}
          >
            ${icons.remove}
          </button>
        </span>`;
      })}
    </section>`;
  }
}

customElements.define("rewas-takes", Takes);
