// The widget of notebooks: one module with its style inside, which needs nothing from anywhere.
import { defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/causal_interface_gym/notebook/static",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: "src/notebook/playground.tsx",
      preserveEntrySignatures: "strict",
      output: { entryFileNames: "playground.js", format: "es" },
    },
  },
});
