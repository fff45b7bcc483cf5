/** One field whose planned value differs from what is held; null stands for "not there". */
export type Change = Readonly<{field: string; held: string | null; planned: string | null}>
