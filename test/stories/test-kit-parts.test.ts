// Parts of the test kit that read formats of their own: mails as the server sends them, and codes of authenticator apps.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import PostalMime from 'postal-mime'

import { toBase32 } from '#domain/factors/totp/base32.ts'
import { DEFAULT_PARAMETERS, TOTP_ALGORITHMS, totpCode, totpStep } from '#domain/factors/totp/totp.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { newMailer } from '#foundation/platform/mailer/mailer.ts'
import { Authenticator, Codes } from '../../clients/test/src/codes.ts'
import { Mails } from '../../clients/test/src/mails.ts'
import { ROOT, readPage } from '../support/documentation/markdown.ts'
import { SAMPLE_TEMPLATES, sampleMessage } from '../support/mail/sample-mails.ts'
import { loadTexts } from '../support/server/loaded-config.ts'

test('every mail in each language comes as it was sent, and as another program reads it', async (t) => {
  const mails = await Mails.open()
  t.after(() => mails.close())
  const { config } = loadTexts({ flags: { mail_from: 'doorward@example.org', ...mails.settings } })
  assert.ok(config.mail)
  const mailer = await newMailer(config.mail, seconds(20))
  t.after(() => mailer.close())
  for (const template of SAMPLE_TEMPLATES)
    for (const locale of ['en', 'de']) {
      const message = { ...sampleMessage(template, locale), fromName: 'Zoë’s 山田' }
      const recipient = `${template}.${locale}@example.org`
      const outgoing = { ...message, recipient, messageId: `<${template}@example.org>`, date: new Date() }
      assert.equal((await mailer.send(outgoing)).kind, 'accepted')
      const mail = await mails.next(recipient)
      const read = await PostalMime.parse(mail.raw)
      assert.deepEqual([mail.subject, read.subject], [message.subject, message.subject])
      assert.equal(mail.text.trimEnd(), message.text.trimEnd())
      assert.equal(mail.html.trimEnd(), read.html?.trimEnd())
      assert.deepEqual(mail.links, message.text.match(/https?:\/\/\S+/g) ?? [])
    }
  assert.equal(mails.all.length, SAMPLE_TEMPLATES.length * 2)
})

test('an authenticator app shows the codes of RFC 6238, with every algorithm that the server knows', () => {
  // Appendix B: the keys repeat the digits to the length of the hash.
  const key = (length: number): string => toBase32(Buffer.from('1234567890'.repeat(7).slice(0, length)))
  const sizes = { SHA1: 20, SHA256: 32, SHA512: 64 }
  const stated = { SHA1: '94287082', SHA256: '46119246', SHA512: '90693936' }
  for (const algorithm of TOTP_ALGORITHMS) {
    const app = new Authenticator(key(sizes[algorithm]), { algorithm, digits: 8 })
    assert.equal(app.code(seconds(59)), stated[algorithm])
  }
  const secret = Buffer.from('a key of 20 bytes ..')
  const app = new Authenticator(
    toBase32(secret)
      .toLowerCase()
      .replaceAll(/(.{4})/g, '$1 '),
  )
  for (const offset of [-1, 0, 1])
    assert.equal(
      app.code(1_700_000_000_000, offset),
      totpCode(secret, totpStep(1_700_000_000_000) + offset, DEFAULT_PARAMETERS),
    )
  assert.throws(() => new Authenticator('0189'), /no base32/)
})

test('docs/testing-your-app.md shows the tests of an app that run', () => {
  const shown = readPage('docs/testing-your-app.md').fences.filter(({ kind }) => kind === 'js example')
  const tests = readFileSync(join(ROOT, 'test', 'apps', 'test-kit', 'node.test.mjs'), 'utf8')
  assert.deepEqual(
    shown.map(({ code }) => code),
    [tests],
  )
})

test('the kit is of the version of the server that it asks for', () => {
  const read = (path: string) => JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8')) as Manifest
  const [server, kit] = [read('.'), read('clients/test')]
  assert.deepEqual([kit.version, kit.peerDependencies], [server.version, { doorward: server.version }])
})

interface Manifest {
  readonly version: string
  readonly peerDependencies: object
}

test('codes that are asked for at once are three of one moment, and then wait for the next', async () => {
  const codes = new Codes(new Authenticator('JBSWY3DPEHPK3PXP'))
  let now = 1_700_000_010_000
  let waited = 0
  const wait = async (): Promise<void> => {
    waited += 1
    now += seconds(30)
  }
  const taken = await Promise.all([1, 2, 3].map(() => codes.fresh({ now: () => now }, wait)))
  assert.deepEqual([new Set(taken).size, waited], [3, 0])
  await codes.fresh({ now: () => now }, wait)
  assert.equal(waited, 1)
})
