import { Changes } from "../changes.ts";
import type { Api } from "./api.ts";
import { patiently } from "./patience.ts";
import { Problem } from "./problem.ts";
import { beginSession, endSession, me, signInOf } from "./signIn.ts";
import type { Me, SignIn } from "./types.ts";

const channelName = "rewas.session";
const signedIn = "signed in";
const joined = "joined";
/** Milliseconds after which a window that was opened to sign in closes, though no other has heard it. */
const longestGoodbye = 3000;

/**
 * Who works in this page. A request that the server refuses for want of a caller waits here until somebody has signed in, and is then sent
 * again. So neither the end of a session nor an answer that comes late costs the user anything.
 */
export class Session extends Changes {
  #who: Me | null = null;
  #accepted: SignIn | null = null;
  #failure: unknown = null;
  #refusal: string | null = null;
  #isAsked = false;
  /** Whether the user has said that it can wait. A refused request does not ask again then. */
  #isPutOff = false;
  /** Kept in the memory of this page alone: a server that was started anew has forgotten the session. */
  #secret: string | null = null;
  /** Counts what has signed this browser in. A request that was refused before the last time is sent again at once. */
  #count = 0;
  #renewing: Promise<boolean> | null = null;
  readonly #waiting = new Set<() => void>();
  /** Tabs of one browser share the cookie. */
  readonly #tabs = new BroadcastChannel(channelName);

  constructor(private readonly api: Api) {
    super();
    this.#tabs.onmessage = message => {
      if (message.data === signedIn) void this.#join();
    };
  }

  /** Null until the server has told, and while nobody is signed in. */
  get who(): Me | null {
    return this.#who;
  }

  /** What the server accepts; null until it has told. */
  get accepted(): SignIn | null {
    return this.#accepted;
  }

  /** Why the last key or token was refused. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Why the provider has not signed the user in: refused, late, away, failed or unknown; null if it has not been asked. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Whether the user is asked to sign in. */
  get isAsked(): boolean {
    return this.#isAsked;
  }

  /** Whether work waits for a caller. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  get count(): number {
    return this.#count;
  }

  /** Asks the server who works here. Where it checks its callers and knows none, that asks the user. */
  async look(): Promise<void> {
    this.#accepted = await patiently(() => signInOf(this.api));
    this.changed();
    const { count } = this;
    const who = await patiently(() => me(this.api));
    // Whoever has signed in meanwhile is known already.
    if (count === this.#count) this.#set(who);
    this.changed();
  }

  ask(): void {
    this.#isAsked = true;
    this.changed();
  }

  /** The provider has not signed the user in. */
  refuse(why: string): void {
    this.#refusal = why;
    this.ask();
  }

  /** The user signs in later. What waits goes on waiting. */
  later(): void {
    [this.#isAsked, this.#isPutOff] = [false, true];
    this.changed();
  }

  /** Signs in with a key or token. A refusal is the failure. */
  async enter(secret: string): Promise<void> {
    const { count } = this;
    try {
      this.#begin(await beginSession(this.api, secret), secret);
    } catch (failure) {
      if (count !== this.#count) return;
      [this.#failure, this.#refusal] = [failure, null];
      this.changed();
    }
  }

  async leave(): Promise<void> {
    await endSession(this.api);
    [this.#who, this.#secret, this.#failure] = [null, null, null];
    this.changed();
  }

  /**
   * Waits until a request that was refused may be sent again.
   * @param count the count of when it was sent
   * @param mayTell whether a key that this page still has may be told once more
   * @returns whether the key was told
   */
  async renewed(count: number, mayTell: boolean, signal: AbortSignal | undefined): Promise<boolean> {
    // Somebody has signed in since it was sent.
    if (count !== this.#count) return false;
    if (mayTell && this.#secret !== null) {
      this.#renewing ??= this.#renew(this.#secret).finally(() => {
        this.#renewing = null;
      });
      if ((await this.#renewing) || count !== this.#count) return true;
    }
    this.#who = null;
    if (this.#isPutOff) this.changed();
    else this.ask();
    await this.#nextSignIn(signal);
    return false;
  }

  /** @returns whether the server accepts the key as before */
  async #renew(secret: string): Promise<boolean> {
    try {
      this.#begin(await patiently(() => beginSession(this.api, secret)), secret);
      return true;
    } catch {
      if (this.#secret === secret) this.#secret = null;
      return false;
    }
  }

  #nextSignIn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((done, fail) => {
      const stop = () => {
        this.#waiting.delete(go);
        fail(signal?.reason);
      };
      const go = () => {
        signal?.removeEventListener("abort", stop);
        done();
      };
      if (signal?.aborted) return stop();
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiting.add(go);
    });
  }

  /** Another tab has signed in. Its provider may have told it of another caller. */
  async #join(): Promise<void> {
    const { count } = this;
    try {
      const who = await this.api.json<Me>("GET", "/v1/me", { isAnonymous: true });
      // A key of the same caller is still good for a server that is started anew.
      if (count === this.#count) this.#begin(who, who.caller === this.#who?.caller ? this.#secret : null, false);
      this.#tabs.postMessage(joined);
    } catch (failure) {
      // The other tab has signed out again.
      if (!(failure instanceof Problem && failure.status === 401)) this.#failure = failure;
    }
  }

  #begin(who: Me, secret: string | null, isOwn = true): void {
    this.#count++;
    [this.#secret, this.#failure, this.#refusal, this.#isAsked, this.#isPutOff] = [secret, null, null, false, false];
    this.#set(who);
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.changed();
    for (const go of waiting) go();
    if (isOwn) this.#tabs.postMessage(signedIn);
  }

  #set(who: Me): void {
    this.#who = who;
  }
}

/** What a window does that was opened to sign in: it tells the others, and closes once one of them has heard it. */
export function endOfSignInWindow(): void {
  const tabs = new BroadcastChannel(channelName);
  tabs.onmessage = message => {
    if (message.data === joined) close();
  };
  tabs.postMessage(signedIn);
  setTimeout(() => close(), longestGoodbye);
}
