/** One field whose planned value differs from what is held; null stands for "not there". */
export type Change = Readonly<{field: string; held: string | null; planned: string | null}>

/** Compares flat field → text maps, in the order of the planned one. Only planned fields are compared. */
export function diffFields(planned: ReadonlyMap<string, string>, held: ReadonlyMap<string, string>): Change[] {
  const changes: Change[] = []
  for (const [field, value] of planned) {
    const now = held.get(field) ?? null
    if (now !== value) changes.push({field, held: now, planned: value})
  }
  return changes
}
