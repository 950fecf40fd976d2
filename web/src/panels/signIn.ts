import { html, nothing, type TemplateResult } from "lit";
import { Problem } from "../api/problem.ts";
import type { Changes } from "../changes.ts";
import { problemText } from "../shell/notices.ts";
import { Panel } from "../shell/panel.ts";
import { text } from "../text/text.ts";

/** Who works here. Asks for a key or token where the server checks its callers, or leads to its provider. */
class SignIn extends Panel {
  protected override watched(): Changes[] {
    return [this.studio.session];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.studio.session.look().catch(failure => this.studio.notices.report(failure));
  }

  protected override render(): TemplateResult {
    const texts = text().signIn;
    const { session } = this.studio;
    const accepts = session.accepted?.accepts ?? [];
    const caller = session.who?.caller;
    return html`${
      caller
        ? html`<span class="soft caller" title=${texts.as(caller)}>${caller}</span>
              <button class="quiet" @click=${() => this.#leave()}>${texts.leave}</button>`
        : accepts.length > 0
          ? html`<button @click=${() => session.ask()}>${texts.name}</button>`
          : nothing
    }
      <dialog aria-labelledby="sign-in-name" @close=${() => this.#closed()}>
        <h2 id="sign-in-name">${texts.name}</h2>
        ${this.#provider()}
        <form
          class="stack"
          method="dialog"
          @submit=${(event: SubmitEvent) => {
            event.preventDefault();
            void this.#enter();
          }}
        >
          <label for="sign-in-secret">${accepts.includes("oidc") ? (accepts.includes("key") ? texts.keyOrToken : texts.token) : texts.key}</label>
          <input id="sign-in-secret" type="password" autocomplete="current-password" required aria-describedby="sign-in-help" />
          <p class="soft" id="sign-in-help">${texts.help}</p>
          ${session.failure ? html`<p class="bad" role="alert">${this.#why(session.failure)}</p>` : nothing}
          <div class="row">
            <button class=${this.#leads ? "" : "main"}>${texts.name}</button>
            <button type="button" @click=${() => this.#dialog()?.close()}>${texts.later}</button>
          </div>
        </form>
      </dialog>`;
  }

  /** Address that leads to the provider; empty if the server knows no way there. */
  get #leads(): string {
    return this.studio.session.accepted?.oidc?.sign_in ?? "";
  }

  #provider(): TemplateResult | typeof nothing {
    const provider = this.studio.session.accepted?.oidc;
    if (!provider) return nothing;
    const texts = text().signIn;
    if (this.#leads === "")
      return html`<p class="soft">${texts.provider(provider.issuer, provider.client_id ?? "", provider.audience)}</p>`;
    const { refusal } = this.studio.session;
    return html`<div class="stack provider">
      ${refusal === null ? nothing : html`<p class="bad" role="alert">${refusalText(refusal)}</p>`}
      <button class="main" @click=${() => this.#lead()}>${texts.withProvider(hostOf(provider.issuer))}</button>
      <p class="soft">${texts.orSecret}</p>
    </div>`;
  }

  /** Goes to the provider. Work that is under way stays in this window, and another one goes there. */
  #lead(): void {
    const { film, store } = this.studio;
    const isIdle = store.id === null && (film.stage === "none" || film.stage === "failed");
    const to = (back: string) => `${this.#leads}?return=${encodeURIComponent(back)}`;
    if (!isIdle && window.open(to("/studio#signed-in"), "_blank", "popup,width=520,height=680")) return;
    location.assign(to(location.pathname + location.hash));
  }

  #why(failure: unknown): string {
    return failure instanceof Problem && failure.status === 401 ? text().signIn.refused(failure.message) : problemText(failure);
  }

  protected override updated(): void {
    const dialog = this.#dialog();
    const { isAsked } = this.studio.session;
    if (!dialog || isAsked === dialog.open) return;
    if (isAsked) dialog.showModal();
    else dialog.close();
  }

  async #enter(): Promise<void> {
    const field = this.querySelector<HTMLInputElement>("#sign-in-secret");
    if (!field) return;
    const { session } = this.studio;
    await session.enter(field.value.trim());
    if (session.failure === null) field.value = "";
  }

  #closed(): void {
    const { session, notices } = this.studio;
    if (!session.isAsked) return;
    session.later();
    if (session.isWaiting) notices.tell(text().problem.unauthenticated);
  }

  async #leave(): Promise<void> {
    try {
      await this.studio.session.leave();
      this.studio.close();
    } catch (failure) {
      this.studio.notices.report(failure);
    }
  }

  #dialog(): HTMLDialogElement | null {
    return this.querySelector(":scope > dialog");
  }
}

/** The server names the kind alone. Any other word in the address is told as a failure. */
function refusalText(kind: string): string {
  const texts = text().signIn;
  const told: Record<string, string> = {
    refused: texts.refusedThere,
    late: texts.tooLate,
    away: texts.providerAway,
    unknown: texts.unknownCaller,
  };
  return told[kind] ?? texts.failedThere;
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : address);

customElements.define("rewas-sign-in", SignIn);
