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
  { pattern: "/scenarios", title: "Scenarios", load: () => import("./pages/Scenarios") },
  { pattern: "/episodes/:episode", title: "Episode", load: () => import("./pages/EpisodePage") },
  { pattern: "/runs", title: "Runs", load: () => import("./pages/Runs") },
  { pattern: "/runs/compare", title: "Compare", load: () => import("./pages/Compare") },
  { pattern: "/runs/new", title: "New run", load: () => import("./pages/NewRun") },
  { pattern: "/runs/:run", title: "Run", load: () => import("./pages/Run") },
  { pattern: "/runs/:run/e/:agent/:scenario/:seed", title: "Replay", load: () => import("./pages/ReplayPage") },
  { pattern: "/leaderboard", title: "Leaderboard", load: () => import("./pages/Leaderboard") },
];

const app = document.getElementById("app");
if (app) {
  app.replaceChildren();
  render(<Shell routes={ROUTES} />, app);
}
