import { html, type TemplateResult } from "lit";
import type { Changes } from "../changes.ts";
import { Panel } from "../shell/panel.ts";

/** A lane that is drawn on a canvas. It is drawn at most once for each frame of the screen, and draws what is in view. */
export abstract class Lane extends Panel {
  #frame = 0;
  #context: CanvasRenderingContext2D | null = null;
  readonly #colours = new Map<string, string>();
  readonly #onTheme = () => {
    this.#colours.clear();
    this.redraw();
  };

  /** CSS pixels. */
  protected abstract readonly laneHeight: number;

  /** What the lane shows, for those who do not see it. */
  protected abstract laneName(): string;

  protected abstract draw(context: CanvasRenderingContext2D, width: number, height: number): void;

  protected override watched(): Changes[] {
    return [this.studio.view];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("themechange", this.#onTheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("themechange", this.#onTheme);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  protected override render(): TemplateResult {
    return html`<canvas role="img" aria-label=${this.laneName()}></canvas>`;
  }

  protected override updated(): void {
    this.redraw();
  }

  redraw(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** A colour of tokens.css. */
  protected colour(token: string): string {
    let value = this.#colours.get(token);
    if (value === undefined) {
      value = getComputedStyle(this).getPropertyValue(`--${token}`);
      this.#colours.set(token, value);
    }
    return value;
  }

  #draw(): void {
    const canvas = this.querySelector("canvas");
    if (!canvas || !this.isConnected) return;
    const { width } = this.studio.view;
    const scale = devicePixelRatio;
    const [pixelsWide, pixelsHigh] = [Math.round(width * scale), Math.round(this.laneHeight * scale)];
    if (canvas.width !== pixelsWide || canvas.height !== pixelsHigh || !this.#context) {
      [canvas.width, canvas.height] = [pixelsWide, pixelsHigh];
      canvas.style.width = `${width}px`;
      canvas.style.height = `${this.laneHeight}px`;
      this.#context = canvas.getContext("2d");
    }
    const context = this.#context as CanvasRenderingContext2D;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, this.laneHeight);
    this.draw(context, width, this.laneHeight);
  }
}
