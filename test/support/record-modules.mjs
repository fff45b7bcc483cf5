// Preloaded into a command: writes the packages whose modules were loaded, one a line, when the process ends.
import {writeFileSync} from 'node:fs'
import {registerHooks} from 'node:module'

const packages = new Set()
registerHooks({
  load(url, context, next) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1]
    if (name !== undefined) packages.add(name)
    return next(url, context)
  },
})
process.on('exit', () => writeFileSync(process.env.RECORD_FILE, [...packages].join('\n')))
