// One ticket: what is to be done, with everything that is needed for it, and the word of whoever did it.
import { Button, Modal, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Ticket } from "../api/types";
import { deedLine } from "../orders/words";
import { ActForm } from "../shell/ActForm";
import { Facts } from "../shell/Facts";
import { Loading } from "../shell/Loading";
import { Page, Section } from "../shell/Page";
import { ProblemLine } from "../shell/ProblemLine";
import { Who } from "../shell/Who";
import { When } from "../time/When";
import { done, ticketQuery } from "./queries";
import { TicketState } from "./TicketsPage";

export function TicketPage() {
  const { id } = useParams({ from: "/frame/tickets/$id" });
  const query = useQuery(ticketQuery(id));
  const [saying, setSaying] = useState(false);
  const ticket = query.data;
  if (!ticket) return <Page title="Ticket">{query.error ? <ProblemLine error={query.error} /> : <Loading />}</Page>;
  const attributes = Object.entries(ticket.attributes);
  return (
    <Page title={`On ${ticket.system}: ${deedLine(ticket)}`} lead={<TicketState ticket={ticket} />} actions={ticket.state === "open" && <Button onClick={() => setSaying(true)}>It is done</Button>}>
      <div className="grid-2">
        <Section title="What is to be done">
          <div className="sheet sheet-pad">
            <Facts
              pairs={[
                ["System", <span className="mono">{ticket.system}</span>],
                ["Account", ticket.login && <span className="mono">{ticket.login}</span>],
                ["Entitlement", ticket.entitlement && <span className="mono">{ticket.entitlement}</span>],
                ["Whose account", ticket.identity && <Who actor={ticket.identity} />],
                ["Opened", <When at={ticket.opened_at} show="both" />],
                [ticket.reminders > 0 ? "Reminded, next" : "Reminder", ticket.state === "open" && <When at={ticket.remind_at} show="both" />],
                ["Done by", ticket.done_by && <Who actor={ticket.done_by} />],
                ["Closed", ticket.closed_at && <When at={ticket.closed_at} show="both" />],
              ]}
            />
          </div>
        </Section>
        {attributes.length > 0 && (
          <Section title="To be set there">
            <div className="sheet sheet-pad"><Facts pairs={attributes.map(([name, values]) => [name, <span className="mono">{values.join(", ")}</span>])} /></div>
          </Section>
        )}
      </div>
      <Modal opened={saying} onClose={() => setSaying(false)} title={<b>It is done</b>}>
        {saying && <Done ticket={ticket} onClose={() => setSaying(false)} />}
      </Modal>
    </Page>
  );
}

function Done({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const [proof, setProof] = useState("");
  return (
    <ActForm verb="I did it" run={() => done(ticket.id, proof.trim())} done="It counts as seen there." complete={proof.trim() !== ""} onClose={onClose}>
      <p>From now on it counts as seen on {ticket.system}. Your name stands under this.</p>
      <Textarea label="Proof" description="What you did and where that can be looked up. The auditors will read it." required autosize minRows={2} data-autofocus value={proof} onChange={(event) => setProof(event.currentTarget.value)} />
    </ActForm>
  );
}
