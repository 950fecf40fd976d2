import assert from "node:assert/strict";
import { test } from "node:test";
import { bundled } from "./bundled.mjs";

const { eventsOf } = await bundled("energy/events.ts");
const { eventTimes } = await bundled("energy/editText.ts");

/** A curve at -60 dB with hits of 10 dB that last 0.1 s. */
const curve = hits => {
  const perDecibel = Math.LN10 / 20;
  const values = new Array(300).fill(-60 * perDecibel);
  for (const hit of hits) values.fill(-50 * perDecibel, Math.round(hit * 100), Math.round(hit * 100) + 10);
  return values;
};

test("A run of onsets is one event", () => {
  assert.deepEqual(eventsOf(curve([1, 2]), [1, 1.04, 1.08, 1.12, 2, 2.04]), [1, 2]);
});

test("An onset in a level curve is no event", () => {
  assert.deepEqual(eventsOf(curve([1]), [0.5, 1, 2.5]), [1]);
});

test("An onset just after its rise is an event", () => {
  assert.deepEqual(eventsOf(curve([1]), [1.06]), [1.06]);
});

test("The times of events are read from their edits", () => {
  assert.deepEqual(eventTimes(["event 2s=-6dB", "gain 1s..2s=-3dB", "event 0.25s=+0dB,1s"]), [2, 0.25]);
});
