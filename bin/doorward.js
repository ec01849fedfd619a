#!/usr/bin/env node
// The command of an installed Doorward. An older Node must be able to read this file, which then says what is missing.
import { readFileSync } from 'node:fs'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const oldest = engines.node.replace('>=', '')

if (isOlder(process.versions.node, oldest)) {
  process.stderr.write(`Doorward needs Node ${oldest} or newer, and this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  showWarningsOfNoExperiment()
  await import('../dist/doorward.js')
}

function isOlder(version, than) {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number))
  const differing = one.findIndex((number, place) => number !== other[place])
  return differing >= 0 && one[differing] < other[differing]
}

/** What Node calls experimental is tested here on the versions that it runs on; every other warning is printed as ever. */
function showWarningsOfNoExperiment() {
  const printers = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') for (const print of printers) print(warning)
  })
}
