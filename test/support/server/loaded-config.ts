// Loads a configuration from texts, and lists its faults.
import assert from 'node:assert/strict'

import { ConfigFaults, loadConfig } from '#foundation/platform/config/config.ts'
import type { ConfigInput } from '#foundation/platform/config/types.ts'

const CWD = '/srv/here'

/** `files` contains texts by absolute path. */
export function loadTexts(input: ConfigInput & { files?: Record<string, string> } = {}) {
  return loadConfig({ env: {}, cwd: CWD, readFile: (path) => input.files?.[path], ...input })
}

export function faultsOf(input: Parameters<typeof loadTexts>[0]): ConfigFaults {
  try {
    loadTexts(input)
  } catch (error) {
    assert.ok(error instanceof ConfigFaults)
    return error
  }
  return assert.fail('no fault was found')
}

/** The key and the source of each fault. */
export const locationsOf = (input: Parameters<typeof loadTexts>[0]) =>
  faultsOf(input).faults.map(({ key, source }) => `${key} (${source})`)
