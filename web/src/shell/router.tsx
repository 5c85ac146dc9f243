// Addresses to pages, over the browser's own history; each page is fetched when it is first shown.

import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export const address = signal(location.pathname);

export function go(to: string): void {
  history.pushState(null, "", to);
  address.value = location.pathname;
  scrollTo(0, 0);
}

addEventListener("popstate", () => (address.value = location.pathname));

/** Follow links inside the site without loading the page again. */
export function followLinks(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || link.target || link.hasAttribute("download") || link.dataset["out"] !== undefined) return;
  if (link.pathname === location.pathname && link.hash) return;
  event.preventDefault();
  go(link.href);
}

export type Params = Readonly<Record<string, string>>;
type Loader = () => Promise<{ default: ComponentType<{ params: Params }> }>;

export interface Route {
  readonly pattern: string;
  readonly title: string;
  readonly load: Loader;
}

export function match(routes: readonly Route[], path: string): { route: Route; params: Params } | null {
  for (const route of routes) {
    const keys: string[] = [];
    const source = route.pattern.replace(/:(\w+)/g, (_, key: string) => {
      keys.push(key);
      return "([^/]+)";
    });
    const found = new RegExp(`^${source}/?$`).exec(path);
    if (found) return { route, params: Object.fromEntries(keys.map((k, i) => [k, decodeURIComponent(found[i + 1] ?? "")])) };
  }
  return null;
}

export function Routed({ routes }: { routes: readonly Route[] }): JSX.Element {
  const path = address.value;
  const found = match(routes, path);
  const [loaded, setLoaded] = useState<{ path: string; Page: ComponentType<{ params: Params }> } | null>(null);
  const [failed, setFailed] = useState(false);
  const heading = useRef<HTMLElement>(null);

  useEffect(() => {
    document.title = found ? `${found.route.title} · Causal Interface Gym` : "Not found · Causal Interface Gym";
    setFailed(false);
    if (!found) return undefined;
    let isOver = false;
    found.route.load().then(
      (page) => {
        if (isOver) return;
        setLoaded({ path, Page: page.default });
        if (loaded) heading.current?.focus();
      },
      () => !isOver && setFailed(true),
    );
    return () => {
      isOver = true;
    };
  }, [path]);

  return (
    <main id="main" ref={heading} tabindex={-1}>
      {!found ? (
        <section class="empty">
          <h1>There is no such page</h1>
          <p>
            Go to <a href="/">the first page</a>.
          </p>
        </section>
      ) : failed ? (
        <section class="empty" role="alert">
          <h1>The page did not arrive</h1>
          <button type="button" onClick={() => location.reload()}>
            Load again
          </button>
        </section>
      ) : loaded?.path === path ? (
        <loaded.Page params={found.params} key={path} />
      ) : (
        <p class="quiet loading">Loading…</p>
      )}
    </main>
  );
}
