/**
 * What operations and boots cost, in instructions, beside test/bench/counts.txt: nothing may grow unnoticed.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { formatCounts, improvements, parseCounts, readCounts, regressions } from "../bench/counts";
import { measureCounts, measureOperations } from "../bench/figures";
import { makeTarget } from "../harness/buildKernels";

describe("instruction counts", () => {
  beforeAll(() => makeTarget("bounds-kernel"), 600_000);

  test("none is above what was accepted", { timeout: 600_000 }, async () => {
    const measured = await measureCounts();
    const fallen = improvements(readCounts(), measured);
    if (fallen.length > 0) console.log(`${fallen.join("\n")}\n\`make bench-accept\` keeps them there.`);
    const advice = "if that is the price of what changed: make bench-accept, and say why in the commit";
    expect(regressions(readCounts(), measured), advice).toEqual([]);
  });

  test("two runs give the same counts", async () => {
    expect(await measureOperations()).toEqual(await measureOperations());
  });
});

describe("the comparison", () => {
  const accepted = new Map([
    ["frame-pair", 33],
    ["map-page", 100],
  ]);
  const withMapPage = (count: number): Map<string, number> => new Map([...accepted, ["map-page", count]]);

  test("lets a figure grow by two in a hundred, and no more", () => {
    expect(regressions(accepted, withMapPage(102))).toEqual([]);
    expect(regressions(accepted, withMapPage(102.001))).toEqual(["map-page grew from 100.000 to 102.001"]);
  });

  test("names what is new and what is gone", () => {
    expect(regressions(accepted, new Map([["frame-pair", 33]]))).toEqual(["map-page is measured no more"]);
    expect(regressions(accepted, new Map([...accepted, ["fault", 1]]))).toEqual(["fault is new: 1.000"]);
  });

  test("says what fell", () => {
    expect(improvements(accepted, withMapPage(98))).toEqual([]);
    expect(improvements(accepted, withMapPage(90))).toEqual(["map-page fell from 100.000 to 90.000"]);
  });

  test("the file is read as it is written, and a line that is no figure is refused", () => {
    expect(parseCounts(formatCounts(accepted))).toEqual(accepted);
    expect(() => parseCounts("map-page many\n")).toThrow("map-page many");
  });
});
