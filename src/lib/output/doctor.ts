import type {Finding} from '../ops/doctor.ts'

const MARKS = {ok: 'ok  ', warn: 'WARN', fail: 'FAIL', skip: 'skip'} as const

export function findingText({check, state, detail, next}: Finding): string {
  const line = `${MARKS[state]}  ${check}: ${detail.replaceAll('\n', '\n    ')}`
  return next === null ? line : `${line}\n      next: ${next}`
}
