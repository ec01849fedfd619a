// Making a pair of RSA keys takes more processor time than most files of tests, and each server that signs in for apps makes one. So the processes
// of a run share a few pairs, each of which the first process that needs it makes. A process is given each of them in turn. Loaded before the tests are.
import crypto from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'

/** More than any one database needs: a second row for the same key fails. */
const PAIRS = 12
/** Those of `src/domain/signing-keys/key-pair.ts`. */
const MODULUS_LENGTH = 3072

type Done = (error: Error | null, publicKey: crypto.KeyObject, privateKey: crypto.KeyObject) => void

const { generateKeyPair } = crypto
const folder = process.env['TEST_KEY_PAIRS']
let given = 0

function generateOrReuse(kind: 'rsa', options: { readonly modulusLength: number }, done: Done): void {
  if (folder === undefined || options.modulusLength !== MODULUS_LENGTH) return generateKeyPair(kind, options, done)
  const file = join(folder, `${given++ % PAIRS}.pem`)
  if (existsSync(file)) return giveKnown(file, done)
  generateKeyPair(kind, options, (error, publicKey, privateKey) => {
    if (error !== null) return done(error, publicKey, privateKey)
    keep(file, privateKey)
    giveKnown(file, done)
  })
}

function giveKnown(file: string, done: Done): void {
  const privateKey = crypto.createPrivateKey(readFileSync(file))
  setImmediate(done, null, crypto.createPublicKey(privateKey), privateKey)
}

/** Renaming makes the file appear whole. Of two processes that make the same pair at the same time, the later one's stays. */
function keep(file: string, privateKey: crypto.KeyObject): void {
  const whole = `${file}-${process.pid}`
  writeFileSync(whole, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  renameSync(whole, file)
}

Object.assign(crypto, { generateKeyPair: generateOrReuse })
syncBuiltinESMExports()
