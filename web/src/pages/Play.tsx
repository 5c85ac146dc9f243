// The playground: a graph to edit on the left, what the engine says about it on the right.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { get, post, Problem } from "../api/client";
import type { ScenarioModel } from "../api/shapes";
import { HelpDialog, RenameDialog } from "../canvas/Dialogs";
import { Graph } from "../canvas/Graph";
import { MechanismEditor } from "../canvas/Mechanism";
import { Stage } from "../canvas/stage";
import { firstScene, STARTERS, started } from "../canvas/starters";
import { TableView } from "../canvas/TableView";
import { TextDrawer } from "../canvas/TextDrawer";
import { Toolbar } from "../canvas/Toolbar";
import { place } from "../graph/commands";
import type { Drawn } from "../graph/document";
import { fromDrawn, toDocument } from "../graph/document";
import { decode } from "../graph/share";
import { Refusal } from "../graph/types";
import type { Params } from "../shell/router";
import { TruthPanel } from "../truth/TruthPanel";
import { Truth } from "../truth/truth";

type Drawer = "none" | "mechanisms" | "text" | "table";

const PREDICT = "cig-predict-first";

export default function Play({ params }: { params: Params }): JSX.Element {
  const stage = useMemo(() => new Stage(firstScene()), []);
  const truth = useMemo(() => new Truth(stage), []);
  const [drawer, setDrawer] = useState<Drawer>("none");
  const [renaming, setRenaming] = useState<string | null>(null);
  const [isHelp, setHelp] = useState(false);
  const [about, setAbout] = useState<{ title: string; story: string } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    truth.predictFirst.value = localStorage.getItem(PREDICT) !== "no";
    const stopKeeping = truth.predictFirst.subscribe((on) => localStorage.setItem(PREDICT, on ? "yes" : "no"));
    void open(params["scenario"]);
    addEventListener("hashchange", fromHash);
    return () => {
      removeEventListener("hashchange", fromHash);
      stopKeeping();
      truth.stop();
    };
  }, []);

  const fromHash = () => void open(undefined);
  const open = async (scenario: string | undefined) => {
    try {
      setProblem(null);
      if (scenario !== undefined) {
        const found = await get<ScenarioModel>(`playground/scenarios/${encodeURIComponent(scenario)}`);
        setAbout(found);
        stage.load(fromDrawn(found), `${found.title} was opened.`);
      } else if (location.hash.startsWith("#m=")) {
        stage.load(await decode(location.hash.slice(3)), "The graph of this address was opened.");
      }
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Refusal)) throw error;
      setProblem(error.message);
    }
  };
  const tidy = async () => {
    const document = JSON.stringify(toDocument(stage.scene.value));
    try {
      const { places } = await post<Drawn>("playground/read", { text: document });
      const at = Object.fromEntries(Object.entries(places).map(([name, [x, y]]) => [name, { x: x * 150, y: y * 105 }]));
      stage.history.apply("Tidied: causes stand above effects.", (s) => place(s, at));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      stage.history.say(`Not tidied: ${error.message}`);
    }
  };

  return (
    <div class="play">
      <section class="canvas" aria-label="Graph">
        <div class="head">
          <h1>{about?.title ?? "Playground"}</h1>
          <Starters stage={stage} />
          <label class="inline">
            <input type="checkbox" checked={stage.isClassic.value} onChange={(e) => (stage.isClassic.value = e.currentTarget.checked)} /> DAGitty classic
          </label>
          <label class="inline">
            <input type="checkbox" checked={stage.showHidden.value} onChange={(e) => (stage.showHidden.value = e.currentTarget.checked)} /> hidden causes as nodes
          </label>
        </div>
        {about && (
          <details class="story">
            <summary>The story</summary>
            <p>{about.story}</p>
          </details>
        )}
        {problem && (
          <p class="error" role="alert">
            {problem}
          </p>
        )}
        <Toolbar stage={stage} onTidy={tidy} onRename={setRenaming} onHelp={() => setHelp(true)} />
        {stage.scene.value.variables.length === 0 && <p class="empty">Nothing here yet: add a node, paste a graph under Text, or take a starter.</p>}
        <Graph stage={stage} label="Causal graph" onRename={setRenaming} onHelp={() => setHelp(true)} />
        <p class={`told${stage.told.value.isRefusal ? " error" : ""}`} role="status" aria-live="polite">
          {stage.told.value.text}
        </p>
        <Drawers stage={stage} drawer={drawer} setDrawer={setDrawer} />
      </section>
      <TruthPanel truth={truth} stage={stage} />
      {renaming !== null && <RenameDialog stage={stage} name={renaming} onClose={() => setRenaming(null)} />}
      {isHelp && <HelpDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

function Starters({ stage }: { stage: Stage }): JSX.Element {
  return (
    <label class="inline">
      Starter
      <select
        value=""
        onChange={(e) => {
          const found = STARTERS.find((s) => s.name === e.currentTarget.value);
          if (found) stage.load(started(found), `${found.name} was opened.`);
          e.currentTarget.value = "";
        }}
      >
        <option value="">choose</option>
        {STARTERS.map((s) => (
          <option key={s.name} value={s.name}>
            {s.name}
          </option>
        ))}
      </select>
    </label>
  );
}

const DRAWERS: readonly [Drawer, string][] = [
  ["mechanisms", "Mechanisms"],
  ["text", "Text, export, share"],
  ["table", "Table view"],
];

function Drawers({ stage, drawer, setDrawer }: { stage: Stage; drawer: Drawer; setDrawer: (d: Drawer) => void }): JSX.Element {
  return (
    <div class="drawers">
      <div class="row">
        {DRAWERS.map(([d, name]) => (
          <button key={d} type="button" aria-expanded={drawer === d} onClick={() => setDrawer(drawer === d ? "none" : d)}>
            {name}
          </button>
        ))}
      </div>
      {drawer === "mechanisms" && <MechanismEditor stage={stage} />}
      {drawer === "text" && <TextDrawer stage={stage} />}
      {drawer === "table" && <TableView stage={stage} />}
    </div>
  );
}
