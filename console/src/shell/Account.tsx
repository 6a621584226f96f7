// A login on a target, written as SSH writes it.
export function Account({ login, target }: { login: string; target: string }) {
  return (
    <span className="account">
      <b>{login}</b><span className="at">@</span>{target}
    </span>
  );
}
