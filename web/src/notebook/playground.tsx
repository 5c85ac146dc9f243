// The playground in a notebook: the same graph and the same panel; the kernel answers instead of a
// service. It lives in a shadow tree, so neither the notebook's style nor ours reaches the other.

import type { JSX } from "preact";
import { render as draw } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";

import { Problem } from "../api/client";
import { RenameDialog } from "../canvas/Dialogs";
import { Graph } from "../canvas/Graph";
import { Stage } from "../canvas/stage";
import { TableView } from "../canvas/TableView";
import { Toolbar } from "../canvas/Toolbar";
import type { Drawn } from "../graph/document";
import { fromDrawn, toDocument } from "../graph/document";
import graphStyle from "../style/graph.css?inline";
import pageStyle from "../style/page.css?inline";
import tokens from "../style/tokens.css?inline";
import { TruthPanel } from "../truth/TruthPanel";
import type { Ask } from "../truth/truth";
import { Truth } from "../truth/truth";
import type { Host } from "./host";
import { overKernel } from "./host";

const OWN = `:host { display: block; } .cig { background: var(--ground); color: var(--ink); font: 16px/1.5 var(--font); padding: .75rem; border-radius: var(--radius); }`;

function Playground({ host, ask }: { host: Host; ask: Ask }): JSX.Element {
  const stage = useMemo(() => new Stage(fromDrawn(host.get("drawn") as Drawn)), []);
  const truth = useMemo(() => new Truth(stage, ask), []);
  const [renaming, setRenaming] = useState<string | null>(null);
  const [isTable, setTable] = useState(false);
  useEffect(() => {
    truth.predictFirst.value = Boolean(host.get("predict_first"));
    const stop = stage.scene.subscribe((scene) => {
      host.set("document", toDocument(scene));
      host.set("acts", { ...scene.acts });
      host.save_changes();
    });
    const told = truth.belief.subscribe((belief) => {
      host.set("belief", belief?.p ?? null);
      host.save_changes();
    });
    return () => {
      stop();
      told();
      truth.stop();
    };
  }, []);
  return (
    <div class="cig play">
      <section class="canvas" aria-label="Graph">
        <Toolbar stage={stage} onRename={setRenaming} />
        <Graph stage={stage} label="Causal graph" onRename={setRenaming} />
        <p class="told" role="status" aria-live="polite">
          {stage.told.value.text}
        </p>
        <div class="row">
          <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            Table view
          </button>
        </div>
        {isTable && <TableView stage={stage} />}
      </section>
      <TruthPanel truth={truth} stage={stage} />
      {renaming !== null && <RenameDialog stage={stage} name={renaming} onClose={() => setRenaming(null)} />}
    </div>
  );
}

/** What the notebook calls for each place in which the widget is shown. */
function render({ model, el }: { model: Host; el: HTMLElement }): () => void {
  const shadow = el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = tokens + pageStyle + graphStyle + OWN;
  const root = document.createElement("div");
  shadow.append(style, root);
  const { ask, stop } = overKernel(model, (message) => new Problem(400, message));
  draw(<Playground host={model} ask={ask} />, root);
  return () => {
    draw(null, root);
    stop();
  };
}

export default { render };
