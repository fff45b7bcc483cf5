import {BaseCommand} from '../base-command.ts'
import type {Finding} from '../lib/ops/doctor.ts'

export default class Doctor extends BaseCommand {
  static override summary =
    'check settings, database, credentials, permissions, clocks and the contract; each failing line says what to do'
  static override description =
    'Writes nothing, but a system that refused a credential and takes it again is used again at once. Exit code 3 when a check fails, 12 when a credential was refused, 10 when a setting is wrong.'
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --json']

  async run(): Promise<unknown> {
    await this.parse(Doctor)
    const [{openPatient}, {diagnose, exitCodeOf}, {findingText}] = await Promise.all([
      import('../patient.ts'),
      import('../lib/ops/doctor.ts'),
      import('../lib/output/doctor.ts'),
    ])
    const patient = openPatient(this.signal, (text) => this.note(text))
    const findings: Finding[] = []
    try {
      for await (const finding of diagnose(patient)) {
        findings.push(finding)
        this.log(findingText(finding))
      }
      await patient.learn(findings)
    } finally {
      await patient.close()
    }
    this.endWith(exitCodeOf(findings))
    return {findings}
  }
}
