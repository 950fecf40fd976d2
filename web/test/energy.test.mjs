import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const edits = await bundled("energy/editText.ts");
const { changedWindows, layout } = await bundled("energy/windows.ts");

test("Edits are written as the command line reads them", () => {
  const selection = { from: 1.2, to: 2 };
  assert.equal(edits.gain(selection, -12), "gain 1.2s..2s=-12dB");
  assert.equal(edits.gain(null, 3), "gain +3dB");
  assert.equal(edits.mute(selection), "mute 1.2s..2s");
  assert.equal(edits.shift(selection, 0.1), "shift 1.2s..2s=+0.1s");
  assert.equal(edits.shift(null, -0.3), "shift -0.3s");
  assert.equal(edits.stretch(selection, 1.5), "stretch 1.2s..2s=1.5");
  assert.equal(edits.event(2.004, -6), "event 2s=-6dB");
  assert.equal(edits.removeEvent(2.7), "remove-event 2.7s");
});

test("A drawn line is in order of time, with one point for each 10 ms", () => {
  const points = [
    { seconds: 1.1, decibels: -20 },
    { seconds: 1.0, decibels: -60 },
    { seconds: 1.101, decibels: -21 },
    { seconds: 2, decibels: -130 },
  ];
  assert.equal(edits.draw(points), "draw 1s=-60dB,1.1s=-21dB,2s=-100dB");
  assert.equal(edits.draw([points[0]]), null);
  assert.ok(edits.draw(Array.from({ length: 5000 }, (_, i) => ({ seconds: i / 100, decibels: -i % 90 }))).split(",").length <= 1000);
});

test("Windows are 5.12 s, and neighbours share 0.96 s", () => {
  const { windows } = layout(12, [], "bridge");
  assert.deepEqual(
    windows.map(({ from }) => from),
    [0, 4.16, 8.32],
  );
  assert.equal(windows.at(-1).to, 12);
  assert.equal(layout(5.12, [], "bridge").windows.length, 1);
  assert.equal(layout(5.13, [], "bridge").windows.length, 2);
  assert.deepEqual(
    layout(12, [6], "bridge").windows.map(({ from }) => from),
    [0, 4.16, 6, 10.16],
  );
});

test("A changed window takes those with it that are fixed to it", () => {
  const before = new Array(2000).fill(-5);
  const at = seconds => {
    const after = [...before];
    after[Math.round(seconds * 100)] = 0;
    return after;
  };
  const changed = (join, seconds) => [...changedWindows(layout(20, [], join), before, at(seconds))].sort();
  assert.deepEqual(changed("crossfade", 1), [0]);
  assert.deepEqual(changed("bridge", 1), [0, 1]);
  assert.deepEqual(changed("bridge", 6.5), [1]);
  assert.deepEqual(changed("bridge", 10.5), [1, 2, 3]);
  assert.deepEqual(changed("continue", 10.5), [2, 3, 4]);
});
