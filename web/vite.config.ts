// The pages. File names carry a hash of their content, so the server lets them be kept for ever.
import { defineConfig } from "vite";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/causal_interface_gym/service/web/static",
    emptyOutDir: true,
    target: "es2022",
    // No data: addresses in scripts or styles, which the policy of the pages would refuse.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
