// The navigation, and who is signed in.
import { ActionIcon, Menu, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { api, take } from "../api/client";
import { MoonIcon, SunIcon } from "../icons";
import { useMe } from "./me";
import { visible } from "./nav";
import { useWaiting } from "./useWaiting";
import { Wordmark } from "./Wordmark";

export function Rail({ onGo }: { onGo?: () => void }) {
  const me = useMe();
  const path = useRouterState({ select: (s) => s.location.pathname });
  const waiting = useWaiting();
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [path]);
  return (
    <>
      <div className="rail-brand"><Wordmark /></div>
      <nav ref={nav} className="rail-nav" aria-label="Main">
        {visible(me.permissions).map((group) => (
          <div key={group.heading ?? ""}>
            {group.heading && <div className="rail-heading">{group.heading}</div>}
            {group.places.map((place) => (
              <Link
                key={place.to}
                to={place.to}
                className="rail-link"
                onClick={onGo}
                aria-current={path === place.to || path.startsWith(`${place.to}/`) ? "page" : undefined}
              >
                <place.icon />
                {place.label}
                <Waiting n={waiting[place.to] ?? 0} />
              </Link>
            ))}
          </div>
        ))}
      </nav>
      <div className="rail-foot">
        <Account />
        <SchemeToggle />
      </div>
    </>
  );
}

function Waiting({ n }: { n: number }) {
  return n > 0 && <span className="rail-count">{n}<span className="sr-only"> waiting for you</span></span>;
}

function Account() {
  const me = useMe();
  const navigate = useNavigate();
  const client = useQueryClient();
  const leave = async () => {
    await take(api.POST("/api/v1/sign-out")).catch(() => undefined);
    client.clear();
    await navigate({ to: "/sign-in", search: {} });
  };
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <UnstyledButton style={{ flex: 1, minWidth: 0, padding: "3px 6px", borderRadius: 6 }}>
          <div style={{ fontSize: 13.5, fontWeight: 600, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
            {me.identity.name}
          </div>
          <div className="dim" style={{ fontSize: 12.5, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>{me.roles.filter((r) => r !== "member").join(", ") || "member"}</div>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.identity.email}</Menu.Label>
        <Menu.Item onClick={() => void leave()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme("light") === "dark" ? "light" : "dark";
  return (
    <Tooltip label={`Use ${other} colours`}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Use ${other} colours`} onClick={() => setColorScheme(other)}>
        {other === "dark" ? <MoonIcon /> : <SunIcon />}
      </ActionIcon>
    </Tooltip>
  );
}
