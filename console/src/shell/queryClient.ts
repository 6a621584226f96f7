// How answers of the API are kept and asked for again.
import { QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/problem";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && (!(error instanceof Problem) || error.status === 0 || error.status === 503),
    },
    mutations: { retry: false },
  },
});
