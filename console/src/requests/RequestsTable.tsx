// Requests as a table, for whoever may see them.
import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, take } from "../api/client";
import { lineOf } from "../api/problem";
import type { AccessRequest } from "../api/types";
import { Account } from "../shell/Account";
import { Listing, type Column } from "../shell/Listing";
import { Who } from "../shell/Who";
import { minutes } from "../time/format";
import { When } from "../time/When";
import { RequestState } from "./RequestState";

interface RequestsTableProps {
  label: string;
  rows: AccessRequest[] | undefined;
  /** Leaves out who asked, and offers to cancel. */
  mine?: boolean;
  error?: unknown;
  empty: { title: string; hint?: string };
  more?: () => void;
  busy?: boolean;
}

export function RequestsTable({ mine, ...listing }: RequestsTableProps) {
  const columns: Column<AccessRequest>[] = [
    {
      header: "Login",
      cell: (r) => (
        <Link className="link" to="/requests/$id" params={{ id: r.id }}><Account login={r.login} target={r.target} /></Link>
      ),
    },
    ...(mine ? [] : [{ header: "Asked by", cell: (r: AccessRequest) => <Who actor={r.requester} /> }]),
    { header: "For", cell: (r) => <span className="nowrap">{minutes(r.minutes)}</span> },
    { header: "Reason", cell: (r) => <span className="clamp">{r.reason}</span>, on: "wide" },
    { header: "Asked", cell: (r) => <When at={r.submitted_at} />, on: "wide" },
    { header: "State", cell: (r) => <RequestState state={r.state} /> },
    {
      header: mine ? "Next" : "Decided by",
      quiet: mine,
      on: mine ? undefined : "wide",
      align: mine ? "number" : undefined,
      cell: (r) => (mine ? <Next request={r} /> : <Who actor={r.decided_by} />),
    },
  ];
  return <Listing columns={columns} rowKey={(r) => r.id} {...listing} />;
}

function Next({ request }: { request: AccessRequest }) {
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => take(api.POST("/api/v1/requests/{id}/cancel", { params: { path: { id: request.id } } })),
    onSuccess: () => client.invalidateQueries(),
    onError: (error) => notifications.show({ message: lineOf(error), color: "brick" }),
  });
  if (request.grant) {
    return <Link className="link" to="/grants/$id" params={{ id: request.grant }}>Story</Link>;
  }
  if (request.state !== "pending") return null;
  return (
    <Group justify="flex-end">
      <Button size="compact-sm" variant="subtle" color="gray" loading={cancel.isPending} onClick={() => cancel.mutate()}>Cancel</Button>
    </Group>
  );
}
