// Starts the console: styles, providers, router. Nothing else.
import "@fontsource-variable/ibm-plex-sans/wght.css";
import "@fontsource/ibm-plex-mono/latin-400.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./shell/shell.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSignedOut } from "./api/client";
import { router } from "./router";
import { SealGate } from "./seal/SealGate";
import { queryClient } from "./shell/queryClient";
import { schemes, theme, variables } from "./shell/theme";

onSignedOut(() => {
  const here = router.state.location;
  if (here.pathname === "/sign-in" || here.pathname === "/setup") return;
  queryClient.clear();
  void router.navigate({ to: "/sign-in", search: { next: here.href } });
});

const root = document.getElementById("root");
if (!root) throw new Error("the page has no element `root`");
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} colorSchemeManager={schemes} defaultColorScheme="auto" cssVariablesResolver={variables}>
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <SealGate>
          <RouterProvider router={router} />
        </SealGate>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
