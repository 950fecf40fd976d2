import { Changes } from "../changes.ts";

export type ToolName = "select" | "draw" | "event" | "erase";

/** What the pointer does in the energy lane. */
class Tool extends Changes {
  #name: ToolName = "select";

  get name(): ToolName {
    return this.#name;
  }

  choose(name: ToolName): void {
    this.#name = name;
    this.changed();
  }
}

export const tool = new Tool();
