// Bundles a source of the page for a test, which runs in Node.
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

export async function bundled(source) {
  const entry = fileURLToPath(new URL(`../src/${source}`, import.meta.url));
  const built = await esbuild.build({ entryPoints: [entry], bundle: true, format: "esm", write: false, logLevel: "warning" });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString("base64")}`);
}
