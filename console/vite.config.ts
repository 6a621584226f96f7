// How the console is built, tested and, while developing, joined to a running Tenure. No code of the console itself.
import react from "@vitejs/plugin-react";
import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

// What every page needs, in one file; pages and the terminal player come when they are opened.
const FRAME = /node_modules[\\/](react|react-dom|scheduler|@mantine|@tanstack|@floating-ui|openapi-fetch|clsx)[\\/]|src[\\/](shell|time|api|icons)[\\/]/;

export default defineConfig(({ mode }) => {
  const tenure = loadEnv(mode, ".", "TENURE_")["TENURE_URL"] ?? "https://127.0.0.1:8443";
  const proxy = { "/api": { target: tenure, changeOrigin: true, secure: false, headers: { origin: tenure } } };
  return {
    plugins: [react()],
    build: {
      target: "es2022",
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 800,
      reportCompressedSize: false,
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: "frame", test: FRAME }] } } },
    },
    server: { proxy },
    preview: { proxy },
    test: { environment: "node", include: ["src/**/*.test.ts"] },
  };
});
