import type { Api } from "../api/api.ts";
import { patiently } from "../api/patience.ts";
import type { Check, CheckQuestion, Estimate, Order } from "../api/types.ts";
import { Changes } from "../changes.ts";

const quietTime = 400;

/** An answer of the server to what the user writes. It is asked for when the user pauses; an older question is dropped. */
export class Answer<Question, Result> extends Changes {
  #key = "";
  #result: Result | null = null;
  #failure: unknown = null;
  #isAsking = false;
  #work = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: (question: Question, signal: AbortSignal) => Promise<Result>) {
    super();
  }

  /** Null while it is asked for. */
  get result(): Result | null {
    return this.#result;
  }

  get failure(): unknown {
    return this.#failure;
  }

  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** @param question null: there is nothing to ask */
  about(question: Question | null): void {
    const key = question === null ? "" : JSON.stringify(question);
    if (key === this.#key) return;
    this.#key = key;
    this.#work.abort();
    this.#work = new AbortController();
    clearTimeout(this.#timer);
    [this.#result, this.#failure, this.#isAsking] = [null, null, question !== null];
    if (question !== null) {
      const { signal } = this.#work;
      this.#timer = setTimeout(() => void this.#get(question, signal), quietTime);
    }
  }

  /** Asks again what was asked last. */
  again(question: Question): void {
    this.#key = "";
    this.about(question);
  }

  async #get(question: Question, signal: AbortSignal): Promise<void> {
    try {
      this.#result = await patiently(() => this.ask(question, signal), signal);
    } catch (failure) {
      if (signal.aborted) return;
      this.#failure = failure;
    }
    if (signal.aborted) return;
    this.#isAsking = false;
    this.changed();
  }
}

export const checkAnswer = (api: Api) => new Answer<CheckQuestion, Check>((question, signal) => api.check(question, signal));

export const estimateAnswer = (api: Api) =>
  new Answer<{ order: Order; sounds: number }, Estimate>(({ order }, signal) => api.estimate(order, signal));
