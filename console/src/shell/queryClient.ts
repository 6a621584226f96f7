// How answers of the API are kept and asked for again.
import { QueryClient } from "@tanstack/react-query";
import { isSealed, Problem } from "../api/problem";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !isSealed(error) && (!(error instanceof Problem) || error.status === 0 || error.status === 503),
    },
    mutations: { retry: false },
  },
});
