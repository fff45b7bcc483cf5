import type {Finding} from '../ops/doctor.ts'

const MARKS = {ok: 'ok  ', warn: 'WARN', fail: 'FAIL', skip: 'skip'} as const

export function findingText({check, state, detail, next}: Finding): string {
  const line = `${MARKS[state]}  ${check}: ${detail}`
  return next === null ? line : `${line}\n      next: ${next}`
}

/** 0 when all is well or only warned of; else the code of the first failure: 10 settings, 12 credentials, 3 anything else. */
export function exitCodeOf(findings: readonly Finding[]): number {
  const failed = findings.find((finding) => finding.state === 'fail')
  if (failed === undefined) return 0
  if (/^(settings|contract)/.test(failed.check)) return 10
  return failed.check.endsWith('credential') || failed.check.endsWith('scopes') ? 12 : 3
}
