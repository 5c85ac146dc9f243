// The graph as text: paste any form, write any form, share by an address.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { post, Problem } from "../api/client";
import type { Drawn } from "../graph/document";
import { fromDrawn, renumbered, toDocument } from "../graph/document";
import { encode } from "../graph/share";
import type { Scene } from "../graph/types";
import { Refusal } from "../graph/types";
import type { Stage } from "./stage";

const FORMATS = ["dagitty", "json", "bif", "xmlbif", "dot", "gml", "node-link", "python", "mermaid", "tikz", "svg"] as const;
const LARGE_ADDRESS = 4000;

export function TextDrawer({ stage }: { stage: Stage }): JSX.Element {
  const [text, setText] = useState("");
  const [told, setTold] = useState<{ text: string; isBad: boolean } | null>(null);
  const [format, setFormat] = useState<string>("dagitty");

  const tried = async (work: () => Promise<string>) => {
    try {
      setTold({ text: await work(), isBad: false });
    } catch (error) {
      if (!(error instanceof Problem || error instanceof Refusal)) throw error;
      setTold({ text: error.message, isBad: true });
    }
  };
  const read = () =>
    tried(async () => {
      const drawn = await post<Drawn>("playground/read", { text });
      const scene = fromDrawn(drawn);
      stage.load(scene, `A graph of ${scene.variables.length} nodes was read.`);
      return drawn.document.format.endsWith("/model") ? "Read, with its numbers." : "Read. The text has no numbers, so they are made up: change them under Mechanisms.";
    });
  const write = () =>
    tried(async () => {
      const found = await post<{ text: string }>("playground/write", written(stage.scene.value, format));
      setText(found.text);
      return `Written as ${format}.`;
    });
  const share = () =>
    tried(async () => {
      const address = `${location.origin}/play#m=${await encode(stage.scene.value)}`;
      history.replaceState(null, "", address);
      await navigator.clipboard?.writeText(address).catch(() => undefined);
      setText(address);
      return address.length > LARGE_ADDRESS ? "The address is long; some programs cut it. JSON is safer." : "The address holds the whole graph; nothing was sent anywhere.";
    });

  return (
    <div class="text-drawer">
      <label>
        Graph or model: dagitty, DOT, GML, JSON, BIF, XMLBIF, or lines such as X -&gt; Y
        <textarea rows={8} spellcheck={false} value={text} onInput={(e) => setText(e.currentTarget.value)} placeholder="dag { Z -> X; Z -> Y; X -> Y }" />
      </label>
      <div class="row">
        <button type="button" class="primary" disabled={!text.trim() || !stage.canEdit} onClick={read}>
          Read this text
        </button>
        <label class="inline">
          as
          <select value={format} onChange={(e) => setFormat(e.currentTarget.value)}>
            {FORMATS.map((f) => (
              <option key={f} value={f}>
                {f}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={write}>
          Write
        </button>
        <button type="button" disabled={!text} onClick={() => download(text, format)}>
          Save as a file
        </button>
        <button type="button" onClick={share}>
          Share by address
        </button>
        <button type="button" onClick={() => stage.load(renumbered(stage.scene.value), "All numbers are made up anew.")}>
          Make up numbers
        </button>
      </div>
      <p role="status" class={told?.isBad ? "error" : "quiet"}>
        {told?.text}
      </p>
    </div>
  );
}

function written(scene: Scene, format: string): Record<string, unknown> {
  return {
    model: { document: toDocument(scene) },
    form: format,
    ...(scene.treatment ? { treatment: scene.treatment } : {}),
    ...(scene.outcome ? { outcome: scene.outcome } : {}),
    adjusted: scene.adjusted,
  };
}

function download(text: string, format: string): void {
  const endings: Record<string, string> = { json: "json", python: "py", tikz: "tex", mermaid: "mmd", dagitty: "dagitty" };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = `graph.${endings[format] ?? format}`;
  link.click();
  URL.revokeObjectURL(link.href);
}
