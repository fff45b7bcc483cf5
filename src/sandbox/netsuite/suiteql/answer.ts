import type pg from 'pg'

import type {EngineParts} from '../engine-parts.ts'
import {errorAnswer, type RestAnswer} from '../rest/answer.ts'
import {pageOf} from '../rest/records.ts'
import {KINDS} from '../schema/kinds.ts'
import {schemaOf} from '../schema/registry.ts'
import {openDatabase, type Database} from './database.ts'
import {Mirrored} from './mirrored.ts'
import {type Page, runQuery} from './run.ts'
import {BadQuery} from './tokens.ts'
import {translate} from './translate.ts'

export type Queries = Readonly<{
  /** Answers a request to the query service. */
  answer(body: string, query: URLSearchParams, prefer: string): Promise<RestAnswer>
  /** To be called after the account was reset. */
  forget(): Promise<void>
  close(): Promise<void>
}>

export type QueryOptions = Readonly<{databaseUrl: string | undefined; lagMs: number}>

/** Opens SuiteQL over a Postgres; without one every query is answered with an error that says so. */
export async function openQueries(parts: EngineParts, {databaseUrl, lagMs}: QueryOptions): Promise<Queries> {
  if (databaseUrl === undefined) {
    const detail = 'The sandbox was started without a database; SuiteQL needs one.'
    const nothing = (): Promise<void> => Promise.resolve()
    return {
      answer: () => Promise.resolve(errorAnswer(500, 'UNEXPECTED_ERROR', detail)),
      forget: nothing,
      close: nothing,
    }
  }
  const open = async (): Promise<Database> => {
    const database = await openDatabase(databaseUrl)
    try {
      await fillFixedTables(database.pool, parts.options.suiteTax)
      return database
    } catch (error) {
      await database.close()
      throw error
    }
  }
  const mirrored = new Mirrored(parts, await open(), open, lagMs)
  return {
    forget: () => mirrored.use(({mirror}) => mirror.forget()),
    close: () => mirrored.close(),
    answer: async (body, query, prefer) => {
      const request = requestOf(body, query, prefer)
      if ('status' in request) return request
      try {
        return await mirrored.use(async ({mirror, pool}) => {
          await mirror.flush()
          return answered(parts, pool, request)
        })
      } catch (error) {
        // Only here: in tables that are just given up, a right query finds nothing either, and is asked again.
        if (error instanceof BadQuery) return badQuery(error)
        throw error
      }
    },
  }
}

type QueryRequest = Readonly<{q: string; params: readonly string[]; page: Page}>

/** Reads the request: NetSuite help section_157909186990. */
function requestOf(body: string, query: URLSearchParams, prefer: string): QueryRequest | RestAnswer {
  if (!/\btransient\b/i.test(prefer)) {
    return errorAnswer(400, 'INVALID_HEADER', "Missing required header 'Prefer: transient'.", {errorHeader: 'Prefer'})
  }
  const page = pageOf(query)
  if ('status' in page) return page
  const {q, params} = bodyOf(body)
  if (typeof q !== 'string' || q.trim() === '') {
    return errorAnswer(400, 'INVALID_CONTENT', 'Invalid content in the request body: property q is required.', {
      errorPath: 'q',
    })
  }
  if (
    params !== undefined &&
    !(Array.isArray(params) && params.every((each) => typeof each === 'string' || typeof each === 'number'))
  ) {
    return errorAnswer(400, 'INVALID_CONTENT', 'Invalid content in the request body: params must be an array.', {
      errorPath: 'params',
    })
  }
  return {q, params: ((params as unknown[] | undefined) ?? []).map(String), page}
}

function bodyOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

async function answered(parts: EngineParts, pool: pg.Pool, {q, params, page}: QueryRequest): Promise<RestAnswer> {
  const hidden = new Set(parts.faults.standing('renamed-field').map((rule) => (rule.field ?? '').toLowerCase()))
  const translated = translate(q, hidden)
  if (translated.params !== params.length) throw new BadQuery('Search error occurred: Invalid number of parameters.')
  const now = parts.clock.wallClock(parts.clock.now())
  return {status: 200, contentType: COLLECTION, body: await runQuery(pool, translated, params, page, now)}
}

function badQuery({message}: BadQuery): RestAnswer {
  const detail = `Invalid search query. Detailed unprocessed description follows. ${message}`
  return errorAnswer(400, 'INVALID_PARAMETER', detail, {errorQueryParam: 'q'})
}
const COLLECTION = 'application/vnd.oracle.resource+json; type=collection; charset=UTF-8'

/** Tables that no record fills. */
async function fillFixedTables(pool: pg.Pool, suiteTax: boolean): Promise<void> {
  await pool.query("INSERT INTO dual VALUES ('X')")
  const features = [
    ['SUBSIDIARIES', 'OneWorld', true],
    ['MULTICURRENCY', 'Multiple Currencies', true],
    ['MULTILOCINVT', 'Multi-Location Inventory', true],
    ['TAX_OVERHAULING', 'SuiteTax', suiteTax],
    ['MATRIXITEMS', 'Matrix Items', true],
    ['MULTIBOOK', 'Multi-Book Accounting', false],
    ['RESTWEBSERVICES', 'REST Web Services', true],
  ] as const
  for (const [id, name, active] of features) {
    await pool.query("INSERT INTO companyfeaturesetup VALUES ($1, $2, 'T', $3)", [id, name, active ? 'T' : 'F'])
  }
  for (const [recordType, {type, statuses}] of Object.entries(KINDS)) {
    const title = schemaOf(recordType)?.title ?? type
    for (const [letter, name] of Object.entries(statuses)) {
      await pool.query('INSERT INTO transactionstatus VALUES ($1, $2, $3, $4, $5)', [
        letter,
        type,
        name,
        `${title} : ${name}`,
        name,
      ])
    }
  }
}
