/** What the page's address names after its mark: the project that is open, and what became of a sign-in. */
const named = (): URLSearchParams => new URLSearchParams(location.hash.slice(1));

/** Id of the project that the address opens; null for none. */
export const openedProject = (): string | null => named().get("project");

/** Whether this window was opened to sign in only. */
export const isSignInWindow = (): boolean => named().has("signed-in");

/** Why the provider's sign-in has failed; null if it has not. It is told once. */
export function takeSignInRefusal(): string | null {
  const names = named();
  const refusal = names.get("sign-in");
  if (refusal === null) return null;
  names.delete("sign-in");
  history.replaceState(null, "", names.size > 0 ? `#${names}` : location.pathname);
  return refusal;
}
