// A refused user gives an admin the reference that was shown, and the admin finds the reason: through HTTP, on the page, in a terminal.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { type AdminAndUser, startWithUser } from '../support/people/admin-and-user.ts'
import { ALLOWED_FAILURES, guess, guessInVain, WRONG } from '../support/people/password-guesses.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

async function detailsOfRefusal({ root }: AdminAndUser, refused: Reply): Promise<Record<string, unknown>> {
  const id = refused.body['refusal']
  assert.equal(typeof id, 'string', refused.raw.body)
  const { status, body, raw } = await root.asks('GET', `/refusals/${String(id)}`)
  assert.equal(status, 200, raw.body)
  assert.equal(body['id'], id)
  return body
}

function attempt(server: Server, payload: object): Promise<Reply> {
  return ask(server, 'POST', '/attempts', { payload })
}

onEitherDatabase('an admin sees the reason that the refused client is not given', async (t, dialect) => {
  const stage = await startWithUser(t, { dialect })
  const { server, ada } = stage
  const unknown = await detailsOfRefusal(stage, await attempt(server, { username: 'nobody', password: WRONG }))
  assert.deepEqual(
    [unknown['action'], unknown['reason'], unknown['explanation'], unknown['meant'], unknown['person']],
    ['sign_in.refused', 'unknown_user', 'unknown username', 'no-user', null],
  )
  const wrong = await detailsOfRefusal(stage, await attempt(server, { username: 'ada', password: WRONG }))
  assert.deepEqual([wrong['reason'], wrong['meant']], ['wrong_password', 'user'])
  assert.equal((wrong['person'] as { username: string }).username, 'ada')
  assert.deepEqual(wrong['policy'], { second_factor: 'required' })
  assert.deepEqual([wrong['address'], wrong['network']], ['127.0.0.1', '127.0.0.1'])
  assert.deepEqual(wrong['buckets'], [
    { kind: 'password', client_class: 'untrusted', failures: 1, waits_until: null, shut: false },
    { kind: 'network', client_class: 'untrusted', failures: 2, waits_until: null, shut: false },
  ])
  const late = ada.authenticator.code(server.clock.now() - minutes(5))
  const clock = await detailsOfRefusal(
    stage,
    await attempt(server, { username: 'ada', password: ada.password, code: late }),
  )
  assert.deepEqual([clock['reason'], clock['factor'], clock['minutes_ahead']], ['wrong_code', 'totp', -5])
})

leaveToTestAll()

onEitherDatabase('a blocked user’s page says until when, and after how many failed guesses', async (t, dialect) => {
  const stage = await startWithUser(t, { dialect })
  await guessInVain(stage.server, 'ada', ALLOWED_FAILURES)
  const trace = await detailsOfRefusal(stage, await guess(stage.server, 'ada'))
  assert.deepEqual([trace['action'], trace['reason'], trace['meant']], ['throttle.blocked', 'backoff', 'user'])
  const [bucket] = trace['buckets'] as Record<string, unknown>[]
  assert.deepEqual([bucket?.['kind'], bucket?.['failures'], bucket?.['shut']], ['password', ALLOWED_FAILURES, false])
  assert.ok(Date.parse(String(bucket?.['waits_until'])) > stage.server.clock.now())
  await guessInVain(stage.server, 'nobody', ALLOWED_FAILURES)
  const unknown = await detailsOfRefusal(stage, await guess(stage.server, 'nobody'))
  assert.deepEqual([unknown['meant'], unknown['person']], ['no-user', null])
})

onEitherDatabase(
  'every route that verifies a password or a code records why it refused, and in which bucket that counts',
  async (t, dialect) => {
    const stage = await startWithUser(t, { dialect })
    const { server, root, ada } = stage
    const reasonOf = async (reply: Reply): Promise<string> => {
      const { reason, factor, policy, buckets } = await detailsOfRefusal(stage, reply)
      assert.deepEqual(policy, { second_factor: 'required' })
      const counted = (buckets as Record<string, string>[]).map(({ kind, client_class: by }) => `${kind} by ${by}`)
      return [reason, factor ?? '-', ...counted].join(', ')
    }
    const untrusted = (kind: string): string => `${kind} by untrusted, network by untrusted`
    assert.equal(
      await reasonOf(await guess(server, 'ada')),
      `wrong_password, -, password by untrusted, ${untrusted('code')}`,
    )

    const { body } = await attempt(server, { username: 'ada', password: ada.password })
    const step = { attempt: body['attempt'], kind: 'totp', proof: '000000' }
    const stepped = await ask(server, 'POST', '/attempts/second-factor', { payload: step })
    assert.equal(await reasonOf(stepped), `wrong_code, totp, ${untrusted('code')}`)

    const proof = await ada.asks('POST', '/session/proof', { password: WRONG, code: '000000' })
    assert.equal(await reasonOf(proof), 'wrong_password, -, password by session, code by session')
    const change = await ada.asks('PUT', '/users/me/password', { current: WRONG, new: 'four rather calm words' })
    assert.equal(await reasonOf(change), 'wrong_password, -, password by session')
    const { body: app } = await ada.asks('POST', '/users/me/totp')
    const confirmed = await ada.asks('POST', `/users/me/totp/${String(app['id'])}/confirm`, { code: '000000' })
    assert.equal(await reasonOf(confirmed), 'wrong_code, totp, code by session')
    server.clock.pass(minutes(11))
    const whole = { username: 'ada', email: null, full_name: null, password: 'five even calmer plain words' }
    assert.equal(
      await reasonOf(await ada.asks('PUT', '/users/me', whole)),
      'reauthentication_required, -, password by session',
    )

    const newcomers = { username: 'emil', password: 'three calm words' }
    await root.signsIn()
    assert.equal((await root.asks('POST', '/users', newcomers)).status, 200)
    const { body: enrolment } = await attempt(server, newcomers)
    const payload = { attempt: enrolment['attempt'] }
    await ask(server, 'POST', '/attempts/totp', { payload })
    const enrolled = await ask(server, 'POST', '/attempts/totp/confirm', { payload: { ...payload, code: '000000' } })
    assert.equal(await reasonOf(enrolled), `wrong_code, totp, ${untrusted('code')}`)
  },
)

onEitherDatabase(
  'the failed guesses at an enrolment and at a change of password are on the page and in the terminal',
  async (t, dialect) => {
    const stage = await startWithUser(t, { dialect, clock: new TestClock(Date.now()) })
    const { server, root, ada } = stage
    const browser = await signedInBrowser(root)
    const { body: app } = await ada.asks('POST', '/users/me/totp')
    const refusals = [
      ['code', await ada.asks('POST', `/users/me/totp/${String(app['id'])}/confirm`, { code: '000000' })],
      ['password', await ada.asks('PUT', '/users/me/password', { current: WRONG, new: 'four rather calm words' })],
    ] as const
    for (const [kind, refused] of refusals) {
      const id = String(refused.body['refusal'])
      const words = (await browser.page(`/admin/refusals/${id}`)).text
      assert.match(words, new RegExp(`They can try again now\\. 1 wrong ${kind} while signed in`))
      const { stdout } = await command(t, ['refusal', 'show', id], server)
      assert.match(stdout, new RegExp(`attempts: ${kind} +1 failed from their sessions, next attempt allowed now\\n`))
    }
  },
)

onEitherDatabase('the page explains a reference, and the activity leads to it', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const late = ada.authenticator.code(server.clock.now() - minutes(5))
  const refused = await attempt(server, { username: 'ada', password: ada.password, code: late })
  const id = String(refused.body['refusal'])
  const browser = await signedInBrowser(root)
  const activity = await browser.page('/admin/activity')
  assert.equal(activity.linksTo(`/admin/refusals/${id}`).length, 1, 'the row of the event leads nowhere')
  assertLeadsTo(await browser.open(`/admin/refusals?reference=+${id}+`), `/admin/refusals/${id}`)
  assert.equal((await browser.open('/admin/refusals?reference=')).statusCode, 200)
  const page = await browser.page(`/admin/refusals/${id}`)
  const words = page.text
  assert.match(words, /Why it was refused/)
  assert.match(
    words,
    /Reason The code was wrong wrong_code Event Second step failed sign_in\.second_step_refused Target ada When/,
  )
  assert.match(words, /Second step used Authenticator app/)
  assert.match(words, /App clock About 5 minutes behind Second step policy Required/)
  assert.match(words, /They can try again now\. 1 wrong code from unknown browsers or programs 1 failed/)
  assert.match(page.main.preformatted().join('\n'), new RegExp(`curl [^\\n]*/refusals/${id}`))
  const missing = await browser.page('/admin/refusals/nothing', 404)
  assert.match(missing.text, /No event has this reference\. Check that you copied all of it\./)
  const german = await signedInBrowser(root, { language: 'de' })
  assert.match((await german.page(`/admin/refusals/${id}`)).text, /Uhr der App Geht etwa 5 Minuten nach/)
})

onEitherDatabase('the operator reads the same in a terminal', async (t, dialect) => {
  const stage = await startWithUser(t, { dialect, clock: new TestClock(Date.now()) })
  const refused = await attempt(stage.server, { username: 'ada', password: WRONG })
  const id = String(refused.body['refusal'])
  const shown = await command(t, ['refusal', 'show', id], stage.server)
  assert.deepEqual([shown.code, shown.stderr], [0, ''])
  assert.match(shown.stdout, /reason +the password was wrong \(wrong_password\)\nwho +ada\n/)
  assert.match(
    shown.stdout,
    /attempts: password +1 failed from unknown browsers or programs, next attempt allowed now\n/,
  )
  const asJson = await command(t, ['refusal', 'show', id, '--json'], stage.server)
  assert.deepEqual(JSON.parse(asJson.stdout), await detailsOfRefusal(stage, refused))
  const request = await command(t, ['refusal', 'show', 'Zk3-p_9aQx0B'], stage.server)
  assert.equal(request.code, 3)
  assert.match(request.stderr, /This looks like a request ID\. Search the server log for it/)
  const missing = await command(t, ['refusal', 'show', 'nothing', '--json'], stage.server)
  assert.equal((JSON.parse(missing.stderr) as { code: string }).code, 'audit_event.not_found')
})

test('a refused re-authentication shows the reference too', async (t) => {
  const { ada } = await startWithUser(t)
  const browser = await signedInBrowser(ada)
  const page = await browser.pageAfter('/confirm', { password: WRONG, code: '000000' }, 403)
  assert.match(page.text, /give this reference: [\da-f-]{36}/)
})

onEitherDatabase('an admin whom a rule refuses is shown a reference as any user is', async (t, dialect) => {
  const stage = await startWithUser(t, { dialect })
  const { root } = stage
  const id = String((await root.asks('GET', '/users/me')).body['id'])
  const trace = await detailsOfRefusal(stage, await root.asks('POST', `/users/${id}/disable`))
  assert.deepEqual([trace['action'], trace['reason']], ['user.disabled', 'last_admin'])
})
