import { render } from "preact";

import type { Route } from "./shell/router";
import { Shell } from "./shell/Shell";
import "./style/tokens.css";
import "./style/page.css";
import "./style/graph.css";

const ROUTES: readonly Route[] = [
  { pattern: "/", title: "See, do, imagine", load: () => import("./pages/Front") },
  { pattern: "/play", title: "Play", load: () => import("./pages/Play") },
  { pattern: "/play/:scenario", title: "Play", load: () => import("./pages/Play") },
];

const app = document.getElementById("app");
if (app) {
  app.replaceChildren();
  render(<Shell routes={ROUTES} />, app);
}
