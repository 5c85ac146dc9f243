// The two small windows: a new name, and the keys.

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { rename } from "../graph/commands";
import { KEYS } from "./keys";
import type { Stage } from "./stage";

function useModal(onClose: () => void) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement || before instanceof SVGElement) before.focus();
    };
  }, []);
  return { ref: dialog, onClose };
}

export function RenameDialog({ stage, name, onClose }: { stage: Stage; name: string; onClose: () => void }): JSX.Element {
  const [text, setText] = useState(name);
  const modal = useModal(onClose);
  const save = (event: Event) => {
    event.preventDefault();
    if (stage.history.apply(`${name} is now called ${text.trim()}.`, (s) => rename(s, name, text))) stage.focus.value = text.trim();
    onClose();
  };
  return (
    <dialog {...modal} aria-label={`Rename ${name}`}>
      <form onSubmit={save}>
        <label>
          New name of {name}
          <input value={text} maxLength={60} autofocus onInput={(e) => setText(e.currentTarget.value)} />
        </label>
        <div class="row">
          <button type="submit" class="primary">
            Rename
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}

export function HelpDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const modal = useModal(onClose);
  return (
    <dialog {...modal} aria-label="Help">
      <h2>Keys on a node</h2>
      <table class="keys">
        <tbody>
          {KEYS.map((k) => (
            <tr key={k.label}>
              <th scope="row">
                {k.keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{k.label}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">
              <kbd>arrows</kbd>
            </th>
            <td>walk along edges; in move mode, move the node</td>
          </tr>
          <tr>
            <th scope="row">
              <kbd>Ctrl+Z</kbd>
              <kbd>Ctrl+Shift+Z</kbd>
            </th>
            <td>undo, redo</td>
          </tr>
          <tr>
            <th scope="row">
              <kbd>Esc</kbd>
            </th>
            <td>give up what is being drawn</td>
          </tr>
        </tbody>
      </table>
      <h2>Signs</h2>
      <ul>
        <li>A solid arrow: a direct cause. A dashed arc: a hidden common cause.</li>
        <li>Filled, with “do”: set by force; the arrows into it are cut and stay as dots.</li>
        <li>A box: conditioned or adjusted. Between the causes of a boxed common effect a link opens.</li>
        <li>▶ treatment, ❚ outcome. Double-click the ground for a new node; Ctrl and wheel to zoom; drag the ground to pan.</li>
      </ul>
      <div class="row">
        <button type="button" class="primary" autofocus onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  );
}
