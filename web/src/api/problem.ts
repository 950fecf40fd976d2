import type { ProblemBody } from "./types.ts";

/** The server refused a request. The message is one line. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly told: Partial<ProblemBody>,
  ) {
    super(told.detail ?? `HTTP ${status}`);
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.status === 429 || this.status === 503 || this.status === 504;
  }

  static async of(answer: Response): Promise<Problem> {
    return new Problem(answer.status, (await answer.json().catch(() => ({}))) as Partial<ProblemBody>);
  }
}
