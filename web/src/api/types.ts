// The types of the web API. They are generated from its OpenAPI document (scripts/try-node-clients.sh --write).
import type { components } from "../../../samples/web/typescript/openapi.ts";

type Schemas = components["schemas"];

export type StoredFile = Schemas["FileView"];
export type Analysis = Schemas["AnalysisView"];
export type Check = Schemas["CheckView"];
export type CheckQuestion = Schemas["CheckRequest"];
export type Finding = Schemas["FindingView"];
export type Estimate = Schemas["EstimateView"];
export type Order = Schemas["SoundRequest"];
export type SoundProgress = Schemas["SoundProgress"];
export type Candidate = Schemas["CandidateView"];
export type ProblemBody = Schemas["Problem"];

/** A sound. The document describes its options as an object without fields; they have the names of an order's. */
export type Sound = Omit<Schemas["SoundView"], "options"> & { options: Record<string, unknown> };

/** Options of an order that are neither its file, its curve, its edits nor its delivery. */
export type Options = Omit<Order, "file" | "seconds" | "curve" | "edits" | "webhook" | "prompt">;
export type Placement = Schemas["PlacementView"];
export type Piece = Schemas["PieceView"];
export type Levels = Schemas["LevelsView"];
export type LibrarySounds = Schemas["LibrarySoundList"];
export type LibrarySound = Schemas["LibrarySoundView"];
export type Me = Schemas["MeView"];
export type SignIn = Schemas["SignInView"];
