import {messageOf, SyncError} from '../core/errors.ts'

/** What of an error a script gets; docs/json-output.md describes it. */
export type ErrorReport = Readonly<{
  error: Readonly<{code: string; message: string; hint: string; subject: string | null; runbook: string}>
}>

const REPORT = 'report this with the command and this message; with TIEOUT_DEBUG=1 it also says where it happened'

export function errorReport(error: unknown): ErrorReport {
  if (!(error instanceof SyncError))
    return {
      error: {
        code: 'UNEXPECTED',
        message: messageOf(error),
        hint: REPORT,
        subject: null,
        runbook: runbookOf('UNEXPECTED'),
      },
    }
  const {code, message, hint, subject} = error
  return {error: {code, message, hint, subject: subject ?? null, runbook: runbookOf(code)}}
}

/** What happened, what to do, where it is written down. */
export function errorText(error: unknown): string {
  const {code, message, hint, runbook} = errorReport(error).error
  return [`Error ${code}: ${message}`, `  Next: ${hint}`, `  More: ${runbook}`].join('\n')
}

/** The page about an error code. */
export function runbookOf(code: string): string {
  return `docs/runbooks/${code.toLowerCase().replaceAll('_', '-')}.md`
}
