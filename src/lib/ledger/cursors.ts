import type {Rows} from './rows.ts'
import type {Db, Tx} from './types.ts'

/** How far a sweep has come; null before its first. */
export async function getCursor(db: Db | Tx, name: string): Promise<Date | null> {
  const row = await db<{name: string; position: Date}>('cursors').select('position').where({name}).first()
  return row?.position ?? null
}

/** Moves a cursor forward, never back: of two sweeps that end in any order the farther counts. Gives where it stands now. */
export async function advanceCursor(db: Db | Tx, name: string, to: Date): Promise<Date> {
  const {rows} = await db.raw<Rows<{position: Date}>>(
    `insert into cursors (name, position) values (?, ?)
     on conflict (name) do update set
       position = greatest(cursors.position, excluded.position),
       moved_at = case when excluded.position > cursors.position then now() else cursors.moved_at end
     returning position`,
    [name, to],
  )
  return rows[0]?.position ?? to
}
