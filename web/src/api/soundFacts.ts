import type { Api } from "./api.ts";
import type { Levels, Placement } from "./types.ts";

const query = (given: Record<string, string | number | undefined>): string => {
  const text = new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as [string, string]])),
  );
  return text.size > 0 ? `?${text}` : "";
};

/** Where the pieces of recordings lie in a candidate. */
export const placement = (api: Api, sound: string, candidate: number): Promise<Placement> =>
  api.json("GET", `/v1/sounds/${encodeURIComponent(sound)}/placement${query({ candidate })}`);

/** How loud a candidate is, or one of its stems. */
export const levels = (api: Api, sound: string, candidate: number, stem?: string): Promise<Levels> =>
  api.json("GET", `/v1/sounds/${encodeURIComponent(sound)}/levels${query({ candidate, stem })}`);

/** Answers that do not change are asked for once. A failed one is asked for again. */
export class Facts<Answer> {
  readonly #known = new Map<string, Answer | "asked">();

  constructor(
    private readonly changed: () => void,
    private readonly failed: (failure: unknown) => void = () => {},
  ) {}

  /** The answer; null until it is there. */
  of(key: string, ask: () => Promise<Answer>): Answer | null {
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, "asked");
      ask().then(
        answer => {
          this.#known.set(key, answer);
          this.changed();
        },
        failure => {
          this.#known.delete(key);
          this.failed(failure);
        },
      );
    }
    return known === undefined || known === "asked" ? null : known;
  }
}
