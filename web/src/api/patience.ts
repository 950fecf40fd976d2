import { Problem } from "./problem.ts";

const firstPause = 250;
const longestPause = 15_000;

/** Milliseconds to wait after a number of failures in a row: twice as long each time. */
export const pauseAfter = (failures: number): number => Math.min(longestPause, firstPause * 2 ** Math.max(0, failures - 1));

export const pause = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((done, fail) => {
    const stop = () => {
      clearTimeout(timer);
      fail(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      done();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });

/** Whether a failure passes: the network is cut, the server starts again, or it asks to come later. */
export const isPassing = (failure: unknown): boolean => (failure instanceof Problem ? failure.isPassing : failure instanceof TypeError);

/** Repeats work until it succeeds, fails for good, or is stopped. */
export async function patiently<T>(
  work: () => Promise<T>,
  signal?: AbortSignal,
  waiting: (failure: unknown) => void = () => {},
): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await work();
    } catch (failure) {
      if (signal?.aborted || !isPassing(failure)) throw failure;
      waiting(failure);
      await pause(pauseAfter(++failures), signal);
    }
  }
}
