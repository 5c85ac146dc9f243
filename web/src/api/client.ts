// Requests to the service that sent this page, and to no other. A key, where one is needed, stays in
// this tab's session and goes into the header of requests only.

import { signal } from "@preact/signals";

export class Problem extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Nobody answered: the service is gone, or the network is. */
  get isGone(): boolean {
    return this.status === 0;
  }
}

const BASE = "/api/v1/";
const KEY = "cig-key";

/** Whether the service asked for a key that it did not get. */
export const needsKey = signal(false);

export function setKey(key: string): void {
  sessionStorage.setItem(KEY, key.trim());
  needsKey.value = false;
}

export function authorised(headers: Record<string, string> = {}): Record<string, string> {
  const key = sessionStorage.getItem(KEY);
  return key ? { ...headers, Authorization: `Bearer ${key}` } : headers;
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return sent<T>(path, { headers: authorised(), ...(signal ? { signal } : {}) });
}

export async function post<T>(path: string, body: unknown, options: { signal?: AbortSignal; once?: string } = {}): Promise<T> {
  const headers = authorised({ "Content-Type": "application/json" });
  if (options.once) headers["Idempotency-Key"] = options.once;
  return sent<T>(path, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

async function sent<T>(path: string, init: RequestInit): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(BASE + path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0, "The service does not answer.");
  }
  if (answer.status === 401) needsKey.value = true;
  const text = await answer.text();
  if (!answer.ok) throw new Problem(answer.status, detail(text, answer.status));
  return JSON.parse(text) as T;
}

function detail(text: string, status: number): string {
  try {
    const found = (JSON.parse(text) as { detail?: unknown }).detail;
    if (typeof found === "string" && found) return found;
  } catch {
    // A gateway's own page is no problem document.
  }
  return `The service refused with status ${status}.`;
}

/** A key under which a request acts once. */
export function onceKey(): string {
  return crypto.randomUUID();
}
