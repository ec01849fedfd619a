// Bidirectional control characters in names, which reverse the text around them: refused on every route; an existing name stays usable.
import assert from 'node:assert/strict'

import { EXAMPLE_REGISTRATION } from '#domain/factors/passkeys/passkey.schema.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { hiddenIn, signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { ask, newcomer, startWithAdmin } from '../support/people/people.ts'
import { givePasskey, passkeyForReauthentication } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { command } from '../support/server/command-line.ts'

const TURNING = 'Not \u202Eevil\u2069 at all'
const FAULT = { code: 'user.full_name_characters', pointer: '/full_name' }

onEitherDatabase('a full name that would reverse the text around it is refused on every route', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await (await newcomer(root, 'ada', { full_name: 'Ada' })).signsIn()
  const page = `/admin/users/${String((await ada.asks('GET', '/users/me')).body['id'])}`
  const own = { username: 'ada', email: null, password: ada.password, locale: null, time_zone: null }
  for (const { status, body } of [
    await ada.asks('PATCH', '/users/me', { full_name: TURNING }),
    await ada.asks('PUT', '/users/me', { ...own, full_name: TURNING }),
    await root.asks('POST', '/users', { username: 'eve', full_name: TURNING }),
    await root.asks('PATCH', page.replace('/admin', ''), { full_name: TURNING }),
  ]) {
    assert.equal(status, 422)
    const [fieldError] = body['errors'] as Record<string, unknown>[]
    assert.deepEqual({ code: fieldError?.['code'], pointer: fieldError?.['pointer'] }, FAULT)
  }
  const [browser, office] = [await signedInBrowser(ada), await signedInBrowser(root)]
  for (const answer of [
    await browser.submit('/account', { username: 'ada', full_name: TURNING }),
    await office.submit(page, { username: 'ada', email: '', full_name: TURNING, role: 'user' }),
    await office.submit('/admin/users/new', { username: 'eve', email: '', full_name: TURNING, role: 'user' }),
  ]) {
    assert.equal(answer.statusCode, 422)
    assert.equal(textIn(answer.body, 'full_name-error'), 'Remove the unsupported character.')
  }
  for (const args of [
    ['create', 'eve'],
    ['update', 'ada'],
  ]) {
    const { code, stderr } = await command(t, ['user', ...args, '--full-name', TURNING, '--json'], server)
    assert.equal(code, 6)
    const { errors } = JSON.parse(stderr) as { errors: Record<string, unknown>[] }
    assert.deepEqual({ code: errors[0]?.['code'], pointer: errors[0]?.['pointer'] }, FAULT)
  }
  assert.equal((await ada.asks('GET', '/users/me')).body['full_name'], 'Ada')
})

leaveToTestAll()

const UNFIT = [
  ['\u001B]0;owned\u0007', 'field.characters'],
  ['Phone\r\nPasskey removed', 'field.characters'],
  [TURNING, 'field.characters'],
  ['  ', 'field.missing'],
] as const

onEitherDatabase('the name of a factor or token is one plain line, on every route', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await newcomer(root, 'ada')
  const phone = await givePasskey(ada)
  await ada.signsIn()
  await ada.asks('POST', '/session/proof', { passkey: await passkeyForReauthentication(ada, phone) })
  const { totp, passkeys } = (await ada.asks('GET', '/users/me/factors')).body as Record<string, { id: string }[]>
  const [app, passkey] = [`totp/${totp?.[0]?.id}`, `passkeys/${passkeys?.[0]?.id}`]
  const browser = await signedInBrowser(ada)
  for (const [name, code] of UNFIT) {
    for (const { status, body } of [
      await ada.asks('PATCH', `/users/me/${app}`, { name }),
      await ada.asks('POST', '/users/me/totp', { name }),
      await ada.asks('PATCH', `/users/me/${passkey}`, { name }),
      await ada.asks('POST', '/users/me/passkeys', { response: EXAMPLE_REGISTRATION, name }),
      await ada.asks('POST', '/users/me/tokens', { name, scopes: ['self:read'] }),
      await ask(server, 'POST', '/attempts/passkeys', {
        payload: { attempt: 'none', response: EXAMPLE_REGISTRATION, name },
      }),
    ]) {
      assert.equal(status, 422)
      const [fieldError] = body['errors'] as Record<string, unknown>[]
      assert.deepEqual([fieldError?.['code'], fieldError?.['pointer']], [code, '/name'])
    }
    for (const page of [app.replace('totp/', 'app/rename/'), passkey.replace('/', '/rename/')]) {
      const answer = await browser.pageAfter(`/account/security/${page}`, { name }, 422)
      assert.notEqual(answer.part('name-error').text, '')
    }
  }
  assert.equal((await ada.asks('PATCH', `/users/me/${app}`, { name: 'Adas Händi 📱' })).status, 200)
})

onEitherDatabase(
  'a user with such a legacy name is shown harmlessly and can change everything else',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const ada = await newcomer(root, 'ada')
    await server.doorward.db.updateTable('users').set({ full_name: TURNING }).where('username', '=', 'ada').execute()
    const browser = await signedInBrowser(await ada.signsIn())
    const { id, full_name: kept } = (await ada.asks('PATCH', '/users/me', { email: 'ada@example.org' })).body
    assert.equal(kept, TURNING)
    const opened = await browser.page('/account')
    const fields = { username: 'ada', full_name: TURNING, email: '', seen: hiddenIn(opened, 'seen') }
    const saved = await browser.submit('/account', fields)
    assert.deepEqual([saved.statusCode, saved.headers.location], [303, '/account?done=saved'], saved.body)
    assert.deepEqual((await ada.asks('GET', '/users/me')).body['email'], null)
    const page = await (await signedInBrowser(root)).page(`/admin/users/${String(id)}`)
    assert.match(page.title, /^Not \u{FFFD}evil\u{FFFD} at all – /u)
  },
)
