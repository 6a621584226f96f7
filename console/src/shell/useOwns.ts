// Whether the person who is signed in owns the system of a target.
import { useQuery } from "@tanstack/react-query";
import { systemsQuery } from "../systems/queries";
import { useMe } from "./me";

export function useOwns(): (target: string) => boolean {
  const me = useMe();
  const systems = useQuery({ ...systemsQuery, enabled: me.permissions.includes("systems.read") });
  return (target) => systems.data?.items.some((system) => system.name === target && system.owner.id === me.identity.id) ?? false;
}
