// A C2SP verifier key is `name+hash+key`. Pure.

/** Name and hash, which tell keys apart; the whole text when it is of another form. */
export function keyName(key: string): string {
  const parts = key.split("+");
  return parts.length >= 3 ? `${parts[0]}+${parts[1]}` : key;
}
