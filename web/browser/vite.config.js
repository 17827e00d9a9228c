import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

const entries = resolve(import.meta.dirname, "entries");

// Every file in entries/ becomes a bundle of its own; pages ask for it by its name.
export default defineConfig({
  base: "/static/",
  publicDir: false,
  build: {
    outDir: resolve(import.meta.dirname, "../built"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    // Fonts and images stay files: the content security policy allows no data: for most pages.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2500,
    rolldownOptions: {
      input: readdirSync(entries).map((name) => resolve(entries, name)),
    },
  },
});
