import { Changes } from "./changes.ts";
import type { Source } from "./playback/playback.ts";

/** What a panel lets the user hear in place of the chosen sound: candidates side by side, stems, a recording of the library. */
export class Audition extends Changes {
  #owner = "";
  #sources: readonly Source[] | null = null;

  /** Null: the chosen sound is heard. */
  get sources(): readonly Source[] | null {
    return this.#sources;
  }

  get owner(): string {
    return this.#owner;
  }

  hear(owner: string, sources: readonly Source[]): void {
    [this.#owner, this.#sources] = [owner, sources];
    this.changed();
  }

  /** Ends what this owner lets hear. */
  end(owner: string): void {
    if (owner !== this.#owner) return;
    [this.#owner, this.#sources] = ["", null];
    this.changed();
  }
}
