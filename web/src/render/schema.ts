import type { Api } from "../api/api.ts";

/** An option as the API's document describes it. */
export interface OptionSchema {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer" | "number";
  readonly description: string;
  readonly choices: readonly (string | number)[] | null;
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly longest: number | null;
}

/** Fields of an order that other parts of the page set. */
const elsewhere = ["file", "seconds", "curve", "edits", "format", "webhook", "prompt", "negative"];

interface Property {
  type?: string | string[];
  description?: string;
  enum?: (string | number)[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

/** The options of an order, from the API's own document, in its order. Lists are set by the panel of the recordings. */
export async function optionSchemas(api: Api): Promise<OptionSchema[]> {
  const document = await api.json<{ components: { schemas: Record<string, { properties: Record<string, Property> }> } }>(
    "GET",
    "/openapi/v1.json",
  );
  return Object.entries(document.components.schemas["SoundRequest"]?.properties ?? {}).flatMap(([name, property]) => {
    const type = [property.type ?? []].flat().find(one => one !== "null");
    if (elsewhere.includes(name) || !["string", "boolean", "integer", "number"].includes(type ?? "")) return [];
    return {
      name,
      type: type as OptionSchema["type"],
      description: property.description ?? "",
      choices: property.enum ?? null,
      minimum: property.minimum ?? null,
      maximum: property.maximum ?? null,
      longest: property.maxLength ?? null,
    };
  });
}
