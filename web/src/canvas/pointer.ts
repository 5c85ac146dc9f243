// What the pointer does: click acts by the mode, drag moves a node or draws an arrow, and on the
// ground it pans; the wheel zooms. Touch is a pointer like any other.

import { useSignal } from "@preact/signals";
import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useMemo, useRef } from "preact/hooks";

import * as commands from "../graph/commands";
import type { Frame } from "../graph/geometry";
import { frameOf } from "../graph/geometry";
import type { Point, Scene } from "../graph/types";
import type { Stage } from "./stage";

const SLACK = 5;

interface Drag {
  readonly node: string | null;
  readonly start: Point;
  readonly at: Point;
  readonly before: Scene;
  readonly frame: Frame;
  isDrag: boolean;
}

export interface Pointer {
  readonly line: Signal<string | null>;
  readonly handlers: Record<string, unknown>;
}

export function usePointer(stage: Stage, svg: RefObject<SVGSVGElement | null>, frame: Signal<Frame | null>): Pointer {
  const line = useSignal<string | null>(null);
  const drag = useRef<Drag | null>(null);
  const handlers = useMemo(() => {
    const shown = () => frame.value ?? frameOf(stage.scene.value, stage.nodes.value);
    const point = (event: MouseEvent): Point => {
      const matrix = svg.current?.getScreenCTM();
      if (!matrix) return { x: 0, y: 0 };
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
      return { x, y };
    };

    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      const node = nameAt(event.target);
      drag.current = {
        node,
        start: { x: event.clientX, y: event.clientY },
        at: point(event),
        before: stage.scene.value,
        frame: shown(),
        isDrag: false,
      };
      if (node !== null) stage.focus.value = node;
      svg.current?.setPointerCapture(event.pointerId);
    };

    const moved = (event: PointerEvent) => {
      const now = drag.current;
      if (!now) return;
      if (!now.isDrag && Math.hypot(event.clientX - now.start.x, event.clientY - now.start.y) < SLACK) return;
      if (!now.isDrag && frame.value === null) frame.value = now.frame;
      now.isDrag = true;
      if (now.node === null) pan(event, now);
      else if (isDrawing(stage)) line.value = lineFrom(now.node, point(event));
      else slide(now, point(event));
    };

    const pan = (event: PointerEvent, now: Drag) => {
      const scale = now.frame.width / (svg.current?.clientWidth || 1);
      frame.value = {
        ...now.frame,
        x: now.frame.x - (event.clientX - now.start.x) * scale,
        y: now.frame.y - (event.clientY - now.start.y) * scale,
      };
    };

    const slide = (now: Drag, at: Point) => {
      const node = now.before.variables.find((v) => v.name === now.node);
      if (!node || !stage.canEdit) return;
      stage.history.show(commands.move(now.before, node.name, { x: node.x + at.x - now.at.x, y: node.y + at.y - now.at.y }));
    };

    const lineFrom = (name: string, end: Point) => {
      const node = stage.find(name);
      return node ? `M${node.x} ${node.y}L${end.x} ${end.y}` : null;
    };

    const up = (event: PointerEvent) => {
      const now = drag.current;
      drag.current = null;
      line.value = null;
      if (!now) return;
      const over = nameAt(document.elementFromPoint(event.clientX, event.clientY));
      if (!now.isDrag) click(stage, now.node);
      else if (now.node !== null && isDrawing(stage)) {
        if (over !== null) stage.join(now.node, over, stage.mode.value === "arrow" ? "arrow" : "hidden");
      } else if (now.node !== null) stage.history.settle(now.before, `${now.node} moved.`);
    };

    const zoom = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const old = shown();
      const factor = Math.min(Math.max(Math.exp(event.deltaY * 0.002), 0.5), 2);
      const at = point(event);
      frame.value = {
        x: at.x - (at.x - old.x) * factor,
        y: at.y - (at.y - old.y) * factor,
        width: old.width * factor,
        height: old.height * factor,
      };
    };

    const add = (event: MouseEvent) => {
      const over = document.elementFromPoint(event.clientX, event.clientY);
      if (nameAt(over) === null && stage.canEdit) stage.add(point(event));
    };

    return {
      onPointerDown: down,
      onPointerMove: moved,
      onPointerUp: up,
      onPointerCancel: () => (drag.current = null),
      onWheel: zoom,
      onDblClick: add,
    };
  }, [stage]);
  return { line, handlers };
}

function isDrawing(stage: Stage): boolean {
  return stage.mode.value === "arrow" || stage.mode.value === "hidden";
}

function click(stage: Stage, node: string | null): void {
  if (node === null) {
    if (stage.from.value) {
      stage.from.value = null;
      stage.history.say("Given up.");
    }
    return;
  }
  const mode = stage.mode.value;
  if (stage.from.value) stage.link(node, stage.from.value.kind);
  else if (mode === "arrow" || mode === "hidden") stage.link(node, mode);
  else if (mode === "box") stage.role(node, "adjusted");
  else if (mode === "do") stage.cycleAct(node);
}

function nameAt(target: EventTarget | Element | null): string | null {
  const element = target instanceof Element ? target.closest<SVGGElement>("[data-node]") : null;
  return element?.dataset["node"] ?? null;
}
