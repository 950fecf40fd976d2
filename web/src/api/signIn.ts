import type { Api } from "./api.ts";
import type { Me, SignIn } from "./types.ts";

export const me = (api: Api): Promise<Me> => api.json("GET", "/v1/me");

/** What the server accepts. It tells everybody. */
export const signInOf = (api: Api): Promise<SignIn> => api.json("GET", "/v1/session", { isAnonymous: true });

/** Puts a key or token into the cookie of this browser, which no script can read. */
export const beginSession = (api: Api, secret: string): Promise<Me> =>
  api.json("POST", "/v1/session", { headers: { Authorization: `Bearer ${secret}` }, isAnonymous: true });

export const endSession = (api: Api): Promise<Response> => api.request("DELETE", "/v1/session", { isAnonymous: true });
