// Chooses one person by name, mail or employee number.
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Identity } from "../api/types";
import { peopleQuery } from "./queries";

interface PersonSelectProps {
  label: string;
  description?: string;
  /** Whether nobody may be chosen. */
  optional?: boolean;
  person: Identity | null;
  onChange: (person: Identity | null) => void;
}

export function PersonSelect({ label, description, optional, person, onChange }: PersonSelectProps) {
  const [text, setText] = useState("");
  const [q] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({ ...peopleQuery(q), placeholderData: keepPreviousData });
  const people = found.data?.items ?? [];
  const all = person && !people.some((each) => each.id === person.id) ? [person, ...people] : people;
  return (
    <Select
      label={label}
      description={description}
      required={!optional}
      searchable
      clearable
      placeholder="name, mail or employee number"
      nothingFoundMessage={found.isFetching ? "Looking" : "Nobody matches"}
      data={all.map((each) => ({ value: each.id, label: `${each.name}, ${each.employee_id}` }))}
      filter={({ options }) => options}
      searchValue={text}
      onSearchChange={setText}
      value={person?.id ?? null}
      onChange={(id) => onChange(all.find((each) => each.id === id) ?? null)}
    />
  );
}
