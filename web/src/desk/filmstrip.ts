import { patiently } from "../api/patience.ts";
import { text } from "../text/text.ts";
import { Lane } from "./lane.ts";

/** Pictures that the server gives, and their size. */
const pictures = 50;
const pictureWidth = 120;
const pictureHeight = 90;

/** Pictures of the film along the time line. */
class Filmstrip extends Lane {
  protected override readonly laneHeight = 44;
  #image: ImageBitmap | null = null;
  #file = "";
  #work = new AbortController();

  protected override laneName(): string {
    return text().desk.filmstrip;
  }

  protected override draw(context: CanvasRenderingContext2D, width: number, height: number): void {
    void this.#load();
    if (!this.#image) return;
    const { view } = this.studio;
    // The server's pictures have one size, whatever the shape of the film.
    const { analysis } = this.studio.film;
    const shown = height * (analysis?.width && analysis.height ? analysis.width / analysis.height : pictureWidth / pictureHeight);
    const count = this.#image.width / pictureWidth;
    // Each place shows the picture of its middle. Places are fixed to the film, so that they move with it.
    const first = Math.floor((view.start * view.pixelsPerSecond) / shown);
    for (let place = first; ; place++) {
      const x = place * shown - view.start * view.pixelsPerSecond;
      if (x >= width) break;
      const middle = ((place + 0.5) * shown) / view.pixelsPerSecond;
      const picture = Math.min(count - 1, Math.max(0, Math.floor((middle / view.duration) * count)));
      context.drawImage(this.#image, picture * pictureWidth, 0, pictureWidth, pictureHeight, x, 0, shown - 1, height);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#work.abort();
    this.#file = "";
  }

  async #load(): Promise<void> {
    const file = this.studio.project.document.film?.file ?? "";
    if (file === this.#file) return;
    [this.#file, this.#image] = [file, null];
    this.#work.abort();
    this.#work = new AbortController();
    const { signal } = this.#work;
    if (file === "") return;
    this.ariaBusy = "true";
    try {
      const path = `/v1/files/${encodeURIComponent(file)}/filmstrip?pictures=${pictures}`;
      const answer = await patiently(() => this.studio.api.request("GET", path, { signal }), signal);
      const image = await createImageBitmap(await answer.blob());
      if (signal.aborted) return;
      this.#image = image;
      this.ariaBusy = "false";
      this.redraw();
    } catch {
      // The lane stays empty. The film's own state tells what is wrong with it.
    }
  }
}

customElements.define("rewas-filmstrip", Filmstrip);
