// A scene in an address: JSON, deflated by the browser itself, in letters that an address may hold.
// The part after # is never sent to the server.

import { checkedScene } from "./document";
import type { Scene } from "./types";
import { Refusal } from "./types";

export async function encode(scene: Scene): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(scene));
  return base64(await piped(bytes, new CompressionStream("deflate-raw")));
}

export async function decode(text: string): Promise<Scene> {
  let data: unknown;
  try {
    const bytes = await piped(unbase64(text), new DecompressionStream("deflate-raw"));
    data = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal("this address holds no graph; it may have been cut short");
  }
  return checkedScene(data);
}

const MOST_BYTES = 4_000_000;

async function piped(bytes: Uint8Array, through: GenericTransformStream): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(through as ReadableWritablePair<Uint8Array, BufferSource>);
  const reader = (stream as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MOST_BYTES) throw new Refusal("this address holds too much");
    parts.push(value);
  }
  const found = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    found.set(part, at);
    at += part.length;
  }
  return found;
}

interface GenericTransformStream {
  readable: unknown;
  writable: unknown;
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const b of bytes) text += String.fromCharCode(b);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function unbase64(text: string): Uint8Array {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}
