import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addArc, addNode, arcBetween, connect, directedPath, disconnect, move, remove, rename, setAct } from "../src/graph/commands";
import { checkedScene, fromDrawn, hasCycle, toDocument } from "../src/graph/document";
import { History } from "../src/graph/history";
import { closed, rowIndex, settings, unit, withEntry } from "../src/graph/mechanism";
import { decode, encode } from "../src/graph/share";
import { EMPTY, type Scene, Refusal, find } from "../src/graph/types";

const NAMES = ["A", "B", "C", "D"] as const;

function drawn(edges: readonly (readonly [string, string])[]): Scene {
  const nodes = NAMES.reduce((scene, name, i) => addNode(scene, { x: i, y: 0 }, name), EMPTY);
  return edges.reduce((scene, [from, to]) => connect(scene, from, to), nodes);
}

const CHAIN = drawn([
  ["A", "B"],
  ["B", "C"],
]);

type Step = (scene: Scene) => Scene;

const name = fc.constantFrom(...NAMES);
const command: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(name, name).map(([a, b]): Step => (s) => connect(s, a, b)),
  fc.tuple(name, name).map(([a, b]): Step => (s) => disconnect(s, a, b)),
  fc.tuple(name, name).map(([a, b]): Step => (s) => addArc(s, a, b)),
  name.map((a): Step => (s) => remove(s, a)),
  name.map((a): Step => (s) => setAct(s, a, "1")),
  fc.tuple(name, fc.integer({ min: -9, max: 9 })).map(([a, x]): Step => (s) => move(s, a, { x, y: x })),
);

describe("commands", () => {
  it("refuses an arrow that would close a cycle, and names it", () => {
    expect(directedPath(CHAIN, "A", "C")).toEqual(["A", "B", "C"]);
    expect(() => connect(CHAIN, "C", "A")).toThrow(Refusal);
    expect(() => connect(CHAIN, "C", "A")).toThrow(/A.*B.*C/);
  });

  it("keeps every graph free of cycles, whatever is drawn", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (steps) => {
        const history = new History(CHAIN);
        for (const step of steps) history.apply("a step", step);
        expect(hasCycle(history.scene)).toBe(false);
        for (const variable of history.scene.variables)
          for (const parent of variable.parents) expect(find(history.scene, parent).name).toBe(parent);
      }),
    );
  });

  it("renames a node in the arrows that leave it too", () => {
    const renamed = rename(CHAIN, "B", "smoke");
    expect(find(renamed, "C").parents).toEqual(["smoke"]);
    expect(() => rename(CHAIN, "B", "A")).toThrow(Refusal);
  });

  it("finds the hidden cause behind an arc", () => {
    const bowed = addArc(CHAIN, "A", "C");
    expect(arcBetween(bowed, "C", "A")?.latent).toBe(true);
    expect(arcBetween(CHAIN, "C", "A")).toBeUndefined();
  });
});

describe("history", () => {
  it("undoes everything and does it again", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (steps) => {
        const history = new History(CHAIN);
        for (const step of steps) history.apply("a step", step);
        const last = history.scene;
        while (history.undo());
        expect(history.scene).toBe(CHAIN);
        while (history.redo());
        expect(history.scene).toBe(last);
      }),
    );
  });

  it("tells a refusal and changes nothing", () => {
    const history = new History(CHAIN);
    const told: string[] = [];
    history.listen((_, { text, isRefusal }) => isRefusal && told.push(text));
    expect(history.apply("closed", (s) => connect(s, "C", "A"))).toBe(false);
    expect(history.scene).toBe(CHAIN);
    expect(told).toHaveLength(1);
    expect(history.canUndo).toBe(false);
  });
});

describe("mechanisms", () => {
  it("keeps a row a distribution when one of its numbers is changed", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (weights, p) => {
          const row = closed(weights.map((w) => w / weights.reduce((a, b) => a + b)));
          const changed = withEntry(row, 0, p);
          expect(changed.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
          expect(changed[0]).toBeCloseTo(p, 6);
          expect(Math.min(...changed)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it("numbers the settings of parents in their order", () => {
    const sizes = [2, 3, 2];
    expect(settings(sizes).map((setting) => rowIndex(sizes, setting))).toEqual([...Array(12).keys()]);
  });

  it("draws numbers between 0 and 1 that a name fixes", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(unit(text)).toBe(unit(text));
        expect(unit(text)).toBeGreaterThanOrEqual(0);
        expect(unit(text)).toBeLessThan(1);
      }),
    );
  });
});

describe("addresses", () => {
  it("hold a scene without a loss", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 15 }), async (steps) => {
        const history = new History(CHAIN);
        for (const step of steps) history.apply("a step", step);
        expect(await decode(await encode(history.scene))).toEqual(history.scene);
      }),
      { numRuns: 25 },
    );
  });

  it.each(["", "####", "AAAA", "e30", "bm9uc2Vuc2U"])("refuse what holds no graph: %s", async (text) => {
    await expect(decode(text)).rejects.toThrow(Refusal);
  });

  it("refuse data that are no scene", () => {
    for (const data of [null, 3, "x", [], {}, { variables: [{ name: 1 }] }]) expect(() => checkedScene(data)).toThrow(Refusal);
  });
});

describe("documents", () => {
  it("list every variable once, with parents among them", () => {
    const document = toDocument(addArc(CHAIN, "A", "C"));
    const names = document.variables.map((v) => v.name);
    expect(new Set(names).size).toBe(names.length);
    for (const variable of document.variables) for (const parent of variable.parents) expect(names).toContain(parent);
  });

  it("come back as the same arrows", () => {
    const places = Object.fromEntries(NAMES.map((n, i) => [n, [i, 0] as [number, number]]));
    const again = fromDrawn({ document: toDocument(CHAIN), places, roles: {} } as never);
    expect(again.variables.map((v) => [v.name, v.parents])).toEqual(CHAIN.variables.map((v) => [v.name, v.parents]));
  });
});
