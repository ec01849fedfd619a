import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertUser } from '#domain/users/user.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor } from '#foundation/context.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { loadTexts } from '#test/support/server/loaded-config.ts'
import { start } from '#test/support/server/start.ts'
import { newOutput } from '../terminal/output.ts'
import { printBanner } from './banner.ts'

for (const qr of [false, true]) {
  test(`the set-up link is the last line, with ${qr ? 'its QR code above it' : 'no QR code'}, and no line stands above the banner`, async (t) => {
    const { doorward } = await start(t)
    const printed: string[] = []
    const stream = { write: (text: string) => printed.push(text) }
    const out = newOutput({}, { stdout: stream, stderr: stream })
    await printBanner(out, { doorward, loaded: loadTexts() }, qr)
    const lines = printed.join('').trimEnd().split('\n')
    assert.match(lines[0] ?? '', /^doorward \d/)
    assert.match(lines.at(-1) ?? '', /^ {4}http:\/\/\S+\/setup\/dwl_[\w-]{43}$/)
    const note = lines.findIndex((line) => line.startsWith('  Note: HTTP is fine on localhost'))
    const occasion = lines.findIndex((line) => /^ {2}First run: open this link \(30 min; new one: /.test(line))
    assert.ok(note !== -1 && note < occasion, printed.join(''))
    const between = lines.slice(occasion + 1, -1)
    assert.equal(between.length > 10 && between.every((line) => line.trim() === '' || /[█▀▄]/.test(line)), qr)
    assert.equal(between.length === 0, !qr)
  })
}

test('a start with users of whom none can act as admin does not call itself the first run', async (t) => {
  const { doorward } = await start(t)
  await insertUser(contextFor(doorward, OPERATOR), { username: 'grace', role: 'user' })
  const printed: string[] = []
  const stream = { write: (text: string) => printed.push(text) }
  await printBanner(newOutput({}, { stdout: stream, stderr: stream }), { doorward, loaded: loadTexts() }, false)
  assert.match(printed.join(''), /^ {2}No admin can sign in: open this link \(30 min; new one: /m)
  assert.doesNotMatch(printed.join(''), /First run/)
})

test('a start at an address without passkeys warns of the policies that allow nothing else, by name, and goes on', async (t) => {
  for (const [url, warns] of [
    ['http://192.0.2.1:8000', true],
    ['https://id.example.org', false],
  ] as const) {
    const { doorward } = await start(t, { settings: { public_url: url } })
    await storePolicyVersion(doorward.db, { id: 'Office', factors: ['passkey'] })
    await storePolicyVersion(doorward.db, { id: 'Guests', scope: 'role', scopeRef: 'user', secondFactor: 'required' })
    const printed: string[] = []
    const stream = { write: (text: string) => printed.push(text) }
    await printBanner(newOutput({}, { stdout: stream, stderr: stream }), { doorward, loaded: loadTexts() }, false)
    const warning =
      /Warning: browsers cannot create passkeys at http:\/\/192\.0\.2\.1:8000, .* else: Office\. .*DOORWARD_PUBLIC_URL/
    assert.equal(warning.test(printed.join('')), warns, url)
  }
})
