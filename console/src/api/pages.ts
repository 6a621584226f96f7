// Lists that come page by page, by cursor.
import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";

interface Page<T> {
  items: T[];
  next?: string | null;
}

/** All pages so far as one list, and how to get the next one. */
export function usePages<T>(
  queryKey: QueryKey,
  page: (after: string | undefined) => Promise<Page<T>>,
  options: { refetchInterval?: number; enabled?: boolean } = {},
) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    ...options,
  });
  return {
    items: query.data?.pages.flatMap((p) => p.items),
    error: query.error,
    isFetching: query.isFetching,
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
  };
}
