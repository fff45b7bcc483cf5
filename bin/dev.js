#!/usr/bin/env node
// Runs the TypeScript sources as they are, without a build: node bin/dev.js <command>.
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

import {settings} from '@oclif/core'

import {main} from './outside.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
settings.enableAutoTranspile = false
await main({root, ignoreManifest: true, pjson: {...pjson, oclif: {...pjson.oclif, commands: './src/commands'}}})
