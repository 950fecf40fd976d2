import { html, nothing, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { text } from "../text/text.ts";
import { Panel } from "./panel.ts";

/** Lets another caller of the server open the film. A server that does not check callers has no owners, and lets everybody. */
class Share extends Panel {
  protected override watched(): Changes[] {
    return [this.studio.store];
  }

  protected override render(): TemplateResult | typeof nothing {
    const texts = text().share;
    const { entry } = this.studio.store;
    if (!entry?.owner) return nothing;
    if (entry.read_only) return html`<span class="soft">${texts.readOnly(entry.owner)}</span>`;
    return html`<button @click=${() => this.querySelector("dialog")?.showModal()}>${texts.name}</button>
      <dialog aria-labelledby="share-name">
        <h2 id="share-name">${texts.name}</h2>
        <form class="stack" @submit=${this.#share}>
          <label for="share-caller">${texts.caller}</label>
          <input id="share-caller" name="caller" type="text" required maxlength="255" autocomplete="off" />
          <p class="soft">${texts.what}</p>
          <p><code class="link">${location.href}</code></p>
          ${entry.shared_with?.length ? html`<p>${texts.with(entry.shared_with.join(", "))}</p>` : nothing}
          <div class="row">
            <button class="main">${texts.name}</button>
            <button type="button" @click=${() => this.querySelector("dialog")?.close()}>${text().shell.close}</button>
          </div>
        </form>
      </dialog>`;
  }

  async #share(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    try {
      await this.studio.store.share(String(new FormData(form).get("caller")));
      form.reset();
    } catch (failure) {
      this.querySelector("dialog")?.close();
      this.studio.notices.report(failure);
    }
  }
}

customElements.define("rewas-share", Share);
