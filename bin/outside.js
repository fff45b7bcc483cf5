// What happens around the commands: words that name none, a command line that was not built, and the last resort for errors.
import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {Config, run} from '@oclif/core'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a command line. Sets the exit code: 2 where it names no command, 10 where there is nothing to run, 1 for what nobody foresaw. */
export async function main(loadOptions) {
  const commands = typeof loadOptions === 'string' ? 'dist/src/commands' : 'src/commands'
  if (!existsSync(`${root}/${commands}`)) {
    tell({code: 'NOT_BUILT', message: 'tieout is not built', hint: `npm run build, in ${root}`}, 10)
    return
  }
  const argv = await joined(process.argv.slice(2), loadOptions)
  try {
    await run(argv, loadOptions)
  } catch (error) {
    if (error.code === 'EEXIT') process.exitCode = error.oclif?.exit ?? 0
    else if (/^command .* not found$/.test(error.message))
      tell(
        {
          code: 'COMMAND_UNKNOWN',
          message: `${JSON.stringify(argv[0])} is no command`,
          hint: 'tieout help lists the commands',
        },
        2,
      )
    else tell({code: 'UNEXPECTED', message: error.message, hint: 'report this with the command and this message'}, 1)
  }
}

/** "orders push" means orders:push. Only two words in a row are a reason to look at the list of commands. */
async function joined(argv, loadOptions) {
  const [topic = '', word = '', ...rest] = argv
  if (!/^[a-z]+$/.test(topic) || !/^[a-z]+$/.test(word)) return argv
  const {commandIDs} = await Config.load(loadOptions)
  const isTopic = !commandIDs.includes(topic) && commandIDs.some((id) => id.startsWith(`${topic}:`))
  return isTopic ? [`${topic}:${word}`, ...rest] : argv
}

function tell({code, message, hint}, exitCode) {
  process.exitCode = exitCode
  if (process.argv.includes('--json')) {
    const error = {code, message, hint, subject: null, runbook: null}
    process.stdout.write(`${JSON.stringify({error}, null, 2)}\n`)
  } else {
    process.stderr.write(`Error ${code}: ${message}\n  Next: ${hint}\n`)
  }
}
