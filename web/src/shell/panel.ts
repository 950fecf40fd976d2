import { LitElement } from "lit";
import type { Changes } from "../changes.ts";
import type { Studio } from "../studio.ts";
import { language } from "../text/text.ts";

/**
 * A part of the page. The shell gives it the studio. It is drawn again when the project, the language, or what it watches has changed. It has
 * no shadow root: the page has one set of styles.
 */
export abstract class Panel extends LitElement {
  static override properties = { studio: { attribute: false } };

  declare studio: Studio;

  #subscriptions: (() => void)[] = [];

  /** What the panel shows beside the project. */
  protected watched(): Changes[] {
    return [];
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const redraw = () => this.requestUpdate();
    this.#subscriptions = [language, this.studio.project, ...this.watched()].map(changes => changes.subscribe(redraw));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#subscriptions) end();
    this.#subscriptions = [];
  }
}
