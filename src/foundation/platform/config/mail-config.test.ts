import assert from 'node:assert/strict'
import { test } from 'node:test'

import { faultsOf, loadTexts } from '#test/support/server/loaded-config.ts'

const ON = { mail_host: 'smtp.example.org', mail_from: 'accounts@example.org' }
const secret = { DOORWARD_MAIL_PASSWORD_FILE: '/run/secrets/mail' }

test('mail is off until a host is named, and then needs a sender', () => {
  assert.equal(loadTexts({}).config.mail, null)
  assert.match(faultsOf({ flags: { mail_host: 'smtp.example.org' } }).message, /mail_from .*found nothing/)
})

test('TLS is required unless said otherwise, at the port of its kind', () => {
  const tlsOf = (flags: object) => {
    const { mail } = loadTexts({ flags: { ...ON, ...flags } }).config
    return [mail?.tls, mail?.port]
  }
  assert.deepEqual(tlsOf({}), ['starttls', 587])
  assert.deepEqual(tlsOf({ mail_tls: 'implicit' }), ['implicit', 465])
  assert.deepEqual(tlsOf({ mail_tls: 'implicit', mail_port: '2465' }), ['implicit', 2465])
  assert.deepEqual(tlsOf({ mail_tls: 'none', mail_host: 'localhost' }), ['none', 25])
})

test('without TLS only this machine is sent to, or what the operator permits', () => {
  const plain = { ...ON, mail_tls: 'none' }
  assert.match(faultsOf({ flags: plain }).message, /mail_tls .*smtp\.example\.org, which is another machine/)
  assert.equal(loadTexts({ flags: { ...plain, mail_insecure: 'true' } }).config.mail?.tls, 'none')
})

test('username and password go together, and the password may come from a file, never from a flag', () => {
  assert.match(faultsOf({ flags: { ...ON, mail_user: 'a' } }).message, /mail_password .*while mail_user is set/)
  const files = { '/run/secrets/mail': 'canary-9\n' }
  assert.match(faultsOf({ flags: ON, env: secret, files }).message, /mail_user .*while mail_password is set/)
  const { config } = loadTexts({ flags: { ...ON, mail_user: 'a' }, env: secret, files })
  assert.equal(config.mail?.password?.reveal(), 'canary-9')
  const { message } = faultsOf({ flags: { ...ON, mail_user: 'a', mail_password: 'canary-9' } })
  assert.ok(!message.includes('canary-9'))
})

test('a sender with a name, a list or a line break is refused', () => {
  for (const from of ['Club <a@example.org>', 'a@example.org, b@example.org', 'a@example.org\nBcc: b@example.org', 'a'])
    assert.match(faultsOf({ flags: { ...ON, mail_from: from } }).message, /mail_from/)
})
