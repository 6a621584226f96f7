// Stands before everything else: while the server is sealed, the only page is the one that opens it.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { onSealed } from "../api/client";

const UnsealPage = lazy(async () => ({ default: (await import("./UnsealPage")).UnsealPage }));

export function SealGate({ children }: { children: ReactNode }) {
  const [isSealed, setIsSealed] = useState(false);
  const client = useQueryClient();
  useEffect(() => {
    let known = false;
    onSealed(() => {
      if (known) return;
      known = true;
      client.clear();
      setIsSealed(true);
    });
  }, [client]);
  if (!isSealed) return children;
  return <Suspense fallback={null}><UnsealPage /></Suspense>;
}
