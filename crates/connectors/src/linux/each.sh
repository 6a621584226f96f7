# Runs command lines one after the other: what each printed, and its status, with NUL behind both. What they complain about
# is left out.
for line; do
    printed=$(eval "$line" 2>/dev/null </dev/null)
    printf '%s\0%s\0' "$printed" "$?"
done
