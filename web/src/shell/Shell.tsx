// The frame of every page: where one can go, the theme, and the key where one is asked for.

import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { needsKey, setKey } from "../api/client";
import type { Route } from "./router";
import { address, followLinks, Routed } from "./router";
import type { Theme } from "./theme";
import { theme } from "./theme";

const PLACES = [
  ["/play", "Play"],
  ["/scenarios", "Scenarios"],
  ["/runs", "Runs"],
  ["/leaderboard", "Leaderboard"],
] as const;

export function Shell({ routes }: { routes: readonly Route[] }): JSX.Element {
  const path = address.value;
  return (
    <div onClick={followLinks} class="page">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <a class="brand" href="/">
          Causal Interface Gym
        </a>
        <nav aria-label="Pages">
          {PLACES.map(([to, name]) => (
            <a key={to} href={to} aria-current={path === to || path.startsWith(`${to}/`) ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <label class="theme">
          <span class="sr">Theme</span>
          <select value={theme.value} onChange={(e) => (theme.value = e.currentTarget.value as Theme)}>
            <option value="system">system</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
      </header>
      {needsKey.value && <KeyForm />}
      <Routed routes={routes} />
      <footer class="foot">
        <a href="/report" data-out>
          Report of the latest run
        </a>
        <a href="/openapi.json" data-out>
          API
        </a>
      </footer>
    </div>
  );
}

function KeyForm(): JSX.Element {
  const [key, change] = useState("");
  const save = (event: Event) => {
    event.preventDefault();
    setKey(key);
    location.reload();
  };
  return (
    <form class="key-form" onSubmit={save}>
      <label>
        This service asks for a key; it stays in this tab
        <input type="password" autocomplete="off" value={key} onInput={(e) => change(e.currentTarget.value)} />
      </label>
      <button type="submit" class="primary" disabled={!key.trim()}>
        Use this key
      </button>
    </form>
  );
}
