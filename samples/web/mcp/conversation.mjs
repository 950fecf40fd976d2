// A conversation by tools alone, with the official client of the Model Context Protocol: "add sound to this clip, softer at 2 s, export".
//
//     node conversation.mjs http://127.0.0.1:5180/mcp film.mp4 "a hammer striking metal" out.mp4
//     node conversation.mjs "rewas mcp" film.mp4 "a hammer striking metal" out.mp4
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [server, film, prompt, output] = process.argv.slice(2);
const wait = { timeout: 300_000, resetTimeoutOnProgress: true };

const client = new Client({ name: "conversation", version: "1.0.0" });
const [command, ...args] = server.split(" ");
await client.connect(server.startsWith("http")
  ? new StreamableHTTPClientTransport(new URL(server))
  : new StdioClientTransport({ command, args, stderr: "inherit", env: process.env }));

async function call(name, input, onprogress) {
  const answer = await client.callTool({ name, arguments: input }, undefined, { ...wait, onprogress });
  const text = answer.content.filter(part => part.type === "text").map(part => part.text).join("\n");
  if (answer.isError) throw new Error(`${name}: ${text}`);
  if (text.length > 20_000) throw new Error(`${name}: its text has ${text.length} characters; media belong in links`);
  return { ...answer.structuredContent, links: answer.content.filter(part => part.type === "resource_link") };
}

console.log(`tools: ${(await client.listTools()).tools.map(tool => tool.name).sort().join(" ")}`);
const { ready, model } = await call("preflight", {});
if (!ready) throw new Error("the server is not ready");
console.log(`model: ${model}`);

const bytes = await readFile(film);
const { file, put } = await call("create_upload", { name: basename(film), bytes: bytes.length });
const sent = await fetch(put, {
  method: "PUT", body: bytes, headers: { "Content-Range": `bytes 0-${bytes.length - 1}/${bytes.length}` },
});
if (!sent.ok) throw new Error(`the film was refused: ${await sent.text()}`);
const seen = await call("inspect_video", { file });
console.log(`seen: ${seen.caption}`);

const { verdict } = await call("check_prompt", { file, prompt });
console.log(`prompt: ${verdict}`);
let told = 0;
const first = await call("add_sound", { file, prompt, make_anyway: true, wait_seconds: 300 }, () => told++);
if (first.status !== "succeeded") throw new Error(JSON.stringify(first));
console.log(`sound: ${first.status}, progress was told: ${told > 0}`);
const softer = await call("edit_sound", { job: first.job, edits: ["gain 1.8s..2.2s=-6dB"], wait_seconds: 300 });
if (softer.candidates[0].sha256 === first.candidates[0].sha256) throw new Error("the edit changed nothing");
console.log(`softer: ${(await call("get_job", { job: softer.job })).status}`);

const { links: [link] } = await call("export_sound", { job: softer.job });
const made = await fetch(link.uri);
if (!made.ok || made.headers.get("content-type") !== link.mimeType) throw new Error(`the link leads to HTTP ${made.status}`);
await writeFile(output, new Uint8Array(await made.arrayBuffer()));
console.log(`exported: ${link.name}, ${link.mimeType}`);
await client.close();
