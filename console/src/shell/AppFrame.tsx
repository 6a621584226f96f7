// The frame around every page of a signed-in person: rail, top bar on small screens, and the page.
import { Burger, Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { Loading } from "./Loading";
import { Rail } from "./Rail";
import { Wordmark } from "./Wordmark";

export function AppFrame() {
  const [open, menu] = useDisclosure(false);
  return (
    <div className="frame">
      <a href="#main" className="skip">Skip to content</a>
      <aside className="rail" aria-label="Tenure">
        <Rail />
      </aside>
      <nav className="topbar" aria-label="Menu and start">
        <Burger opened={open} onClick={menu.toggle} size="sm" aria-label="Menu" />
        <Wordmark size={22} />
      </nav>
      <Drawer.Root opened={open} onClose={menu.close} position="left" size={272} padding={0}>
        <Drawer.Overlay />
        <Drawer.Content aria-label="Menu">
          <Drawer.Body style={{ display: "flex", flexDirection: "column", minHeight: "100dvh" }}>
            <Rail onGo={menu.close} />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <main id="main" className="main" tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
