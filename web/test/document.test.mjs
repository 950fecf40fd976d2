import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { Project } = await bundled("project/project.ts");
const { emptyDocument, merge, readDocument, withHeld } = await bundled("project/document.ts");
const { addEdit, addTo, clearEdits, removeEdit, removeFrom, setOption, setPrompt } = await bundled("project/commands.ts");

test("A hundred steps can be undone, and done again", () => {
  const project = new Project();
  for (let i = 0; i < 120; i++) project.do(addEdit(`gain +${i}dB`));
  let undone = 0;
  for (; project.canUndo; undone++) project.undo();
  assert.equal(undone, 100);
  assert.equal(project.document.edits.length, 20);
  while (project.canRedo) project.redo();
  assert.equal(project.document.edits.length, 120);
});

test("The letters of a prompt are one step", () => {
  const project = new Project();
  for (const prompt of ["a", "ab", "abc"]) project.do(setPrompt(prompt));
  project.endStep();
  project.do(setPrompt("abcd"));
  project.undo();
  assert.equal(project.document.prompt, "abc");
  project.undo();
  assert.equal(project.document.prompt, "");
});

test("A command that changes nothing is no step", () => {
  const project = new Project();
  project.do(clearEdits());
  assert.equal(project.canUndo, false);
});

test("An option without a value is not part of the order", () => {
  const project = new Project();
  project.do(setOption("seed", 7));
  project.do(setOption("seed", undefined));
  assert.deepEqual(project.document.options, {});
  project.do(addTo("ban", "x"));
  project.do(addTo("ban", "x"));
  assert.deepEqual(project.document.options.ban, ["x"]);
  project.do(removeFrom("ban", "x"));
  assert.deepEqual(project.document.options, {});
});

test("What the server must keep is listed", () => {
  const held = withHeld({
    ...emptyDocument,
    film: { file: "f", name: "film.mp4" },
    options: { reference: ["r"] },
    names: { r: "knock.wav", s: "tap.wav" },
    renders: [{ sound: "1", prompt: "", edits: [], at: 2, kept: false }],
  });
  assert.deepEqual(held.files, ["f", "r", "s"]);
  assert.deepEqual(held.sounds, ["1"]);
});

test("Changes of two writers are joined, and no sound is lost", () => {
  const render = (sound, at) => ({ sound, prompt: "", edits: [], at, kept: false });
  const base = { ...emptyDocument, prompt: "a", edits: ["gain +1dB"], renders: [render("1", 1)] };
  const mine = { ...base, prompt: "mine", renders: [render("2", 2), render("1", 1)] };
  const theirs = { ...base, edits: [], renders: [render("3", 3), render("1", 1)] };
  const joined = merge(base, mine, theirs);
  assert.equal(joined.prompt, "mine");
  assert.deepEqual(joined.edits, []);
  assert.deepEqual(
    joined.renders.map(({ sound }) => sound),
    ["3", "2", "1"],
  );
});

test("A document of another kind is not read", () => {
  assert.equal(readDocument(null), null);
  assert.equal(readDocument({ format: 99 }), null);
  assert.equal(readDocument({ format: 1, prompt: "x" }).edits.length, 0);
});

test("An edit can be taken out of the middle", () => {
  const project = new Project();
  for (const edit of ["one", "two", "three"]) project.do(addEdit(edit));
  project.do(removeEdit(1));
  assert.deepEqual(project.document.edits, ["one", "three"]);
});
