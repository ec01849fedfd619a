// A full name does not turn the writing around it: no door takes one that would, and one that is there already goes on working.
import assert from 'node:assert/strict'

import { onEachDatabase } from '../support/each-database.ts'
import { hiddenIn, signedInBrowser, textIn } from '../support/on-pages.ts'
import { firstAdmin, newcomer } from '../support/people.ts'
import { runCommand } from '../support/processes.ts'
import { start } from '../support/start.ts'

const TURNING = 'Not \u202Eevil\u2069 at all'
const FAULT = { code: 'user.full_name_characters', pointer: '/full_name' }

onEachDatabase('a full name that would turn the writing around it is refused at every door', async (t, dialect) => {
  const server = await start(t, { dialect })
  const root = await (await firstAdmin(server)).signsIn()
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
    const [fault] = body['errors'] as Record<string, unknown>[]
    assert.deepEqual({ code: fault?.['code'], pointer: fault?.['pointer'] }, FAULT)
  }
  const [browser, office] = [await signedInBrowser(ada), await signedInBrowser(root)]
  for (const answer of [
    await browser.submit('/account', { username: 'ada', full_name: TURNING }),
    await office.submit(page, { username: 'ada', email: '', full_name: TURNING, role: 'user' }),
    await office.submit('/admin/users/new', { username: 'eve', email: '', full_name: TURNING, role: 'user' }),
  ]) {
    assert.equal(answer.statusCode, 422)
    assert.equal(textIn(answer.body, 'full_name-error'), 'A name has no control characters.')
  }
  for (const args of [
    ['create', 'eve'],
    ['update', 'ada'],
  ]) {
    const { code, stderr } = await runCommand(t, ['user', ...args, '--full-name', TURNING, '--json'], server)
    assert.equal(code, 6)
    const { errors } = JSON.parse(stderr) as { errors: Record<string, unknown>[] }
    assert.deepEqual({ code: errors[0]?.['code'], pointer: errors[0]?.['pointer'] }, FAULT)
  }
  assert.equal((await ada.asks('GET', '/users/me')).body['full_name'], 'Ada')
})

onEachDatabase(
  'somebody whose name was taken over so is shown harmlessly and changes what else they like',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const root = await (await firstAdmin(server)).signsIn()
    const ada = await newcomer(root, 'ada')
    await server.doorward.db.updateTable('users').set({ full_name: TURNING }).where('username', '=', 'ada').execute()
    const browser = await signedInBrowser(await ada.signsIn())
    const { id, full_name: kept } = (await ada.asks('PATCH', '/users/me', { email: 'ada@example.org' })).body
    assert.equal(kept, TURNING)
    const opened = (await browser.open('/account')).body
    const fields = { username: 'ada', full_name: TURNING, email: '', seen: hiddenIn(opened, 'seen') }
    const saved = await browser.submit('/account', fields)
    assert.deepEqual([saved.statusCode, saved.headers.location], [303, '/account?done=saved'], saved.body)
    assert.deepEqual((await ada.asks('GET', '/users/me')).body['email'], null)
    const { body } = await (await signedInBrowser(root)).open(`/admin/users/${String(id)}`)
    assert.match(body, /<title>Not \u{FFFD}evil\u{FFFD} at all – /u)
  },
)
