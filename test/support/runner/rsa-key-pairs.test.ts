import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { temporaryFolder } from '../databases/temporary.ts'
import { test } from './scope.ts'

const PRINT_KEYS = `
  import { newKeyPair } from '#domain/signing-keys/key-pair.ts'
  for (const alg of ['RS256', 'ES256']) console.log((await newKeyPair(alg)).kid)
`

test('the processes of a run share pairs of RSA keys, and no others', async (t) => {
  const env = { ...process.env, TEST_KEY_PAIRS: await temporaryFolder(t) }
  const keysOf = async (): Promise<string[]> => {
    const flags = ['--import', './test/support/runner/rsa-key-pairs.ts', '--input-type=module-typescript']
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', PRINT_KEYS], { env })
    return stdout.trim().split('\n')
  }
  const [rsa, ofCurve] = await keysOf()
  const [rsaOfOther, ofCurveOfOther] = await keysOf()
  assert.equal(rsa, rsaOfOther)
  assert.notEqual(ofCurve, ofCurveOfOther)
})
