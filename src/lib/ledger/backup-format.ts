import type {Schemas} from './migrate.ts'

/** What a backup or a restore moved. */
export type BackupReport = Readonly<{
  file: string
  bytes: number
  rows: number
  tables: Readonly<Record<string, number>>
}>

/** Says of which state of which schemas a backup is. */
export type Header = Readonly<{
  format: 1
  at: string
  schemas: Schemas
  migrations: readonly string[]
  queueVersion: number
}>

/** Begins the first line; the header follows as JSON. */
export const HEADER = '-- tieout backup '
/** The last line; without it a backup was cut off. */
export const END = '-- end'
