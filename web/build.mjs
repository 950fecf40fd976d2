// Bundles the page into gateway/Web/Studio/Page, which the web API serves. The bundle is committed, so that .NET users need no Node.
//   node build.mjs            writes the bundle
//   node build.mjs --check    compares the committed bundle with the sources; exit code 1 if it is older
//   node build.mjs --out DIR  writes it elsewhere
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = path => fileURLToPath(new URL(path, import.meta.url));
const option = process.argv[2];
const target = option === "--out" ? process.argv[3] : here("../gateway/Web/Studio/Page");

const built = await esbuild.build({
  entryPoints: [
    { in: here("src/main.ts"), out: "studio" },
    { in: here("src/playback/meterProcessor.ts"), out: "meter" },
  ],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/*! The licences of the packages in this file are in licences.txt. */" },
  metafile: true,
  outdir: target,
  write: false,
  logLevel: "warning",
});
const files = new Map(built.outputFiles.map(file => [file.path.slice(file.path.lastIndexOf("/") + 1), Buffer.from(file.contents)]));
files.set("index.html", await readFile(here("src/index.html")));
files.set("licences.txt", Buffer.from(await licences(Object.keys(built.metafile.inputs))));

if (option === "--check") {
  const older = [];
  for (const [name, bytes] of files) if (!bytes.equals(await readFile(`${target}/${name}`).catch(() => Buffer.of()))) older.push(name);
  if (older.length > 0) {
    console.error(`The bundle is older than its sources (${older.join(", ")}): run "npm run build" in web/ and commit the result.`);
    process.exit(1);
  }
} else {
  await mkdir(target, { recursive: true });
  for (const [name, bytes] of files) await writeFile(`${target}/${name}`, bytes);
}

/** The licences of the packages whose files are in the bundle. */
async function licences(inputs) {
  const packages = new Set(inputs.flatMap(input => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  const texts = [...packages].sort().map(async name => {
    const { version, license } = JSON.parse(await readFile(here(`node_modules/${name}/package.json`), "utf8"));
    return `${name} ${version} (${license})\n\n${(await readFile(here(`node_modules/${name}/LICENSE`), "utf8")).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(80)}\n\n`);
}
