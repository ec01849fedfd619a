// Follows the pages for developers of apps: the README's block, the first steps, the tutorial's database, one's own app.
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { Authenticator } from '../people/authenticator.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { FreshCodes, openTerminal, runShell, setUp, setUpWithPasskey, startShown } from './fresh-clone.ts'
import { LEGACY_USERS, legacyDatabase } from '../databases/legacy-database.ts'
import type { Blocks } from './markdown.ts'
import { PASSWORD } from '../people/people.ts'
import { curlFor } from './shell-programs.ts'

const DOCUMENTED_URL = 'http://localhost:8000'

/** The README's block, with an admin who has only a passkey and with one who has an app. */
export async function walkReadme(t: TestContext, page: Blocks): Promise<void> {
  const block = page.next()
  for (const [factor, enrol] of Object.entries({ passkey: setUpWithPasskey, app: setUp })) {
    await t.test(`after a set-up by ${factor}`, async (inner) => {
      const terminal = await openTerminal(inner, { npm: true, programs: await curlFor(inner) })
      const started = await startShown(inner, 'npm start', terminal)
      await enrol(started, 'ada', PASSWORD)
      const printed = await runShell(block.replaceAll(DOCUMENTED_URL, started.url), terminal)
      assert.match(printed, /^\{"username":"ada".*"role":"admin","status":"active"/)
      assert.match(printed, /"username":"grace","email":"grace@example\.org"/)
      assert.ok(printed.includes(`${started.url}/invitation/dwl_`), printed)
    })
  }
}

export async function walkStart(t: TestContext, page: Blocks): Promise<void> {
  await t.test('the first session, after a set-up by passkey', async (inner) => {
    const terminal = await openTerminal(inner, { programs: await curlFor(inner) })
    const started = await startShown(inner, 'npm start', terminal)
    await setUpWithPasskey(started, 'ada', PASSWORD)
    let grace: FreshCodes | undefined
    const code = (printed: string): string => {
      grace ??= new FreshCodes(/app: ([A-Z2-7]{32})\n/.exec(printed)?.[1] ?? '')
      return grace.next()
    }
    const session = [page.next({ [DOCUMENTED_URL]: started.url }), ...Array.from({ length: 4 }, () => page.next())]
    const check = 'curl -s $URL/users/me -H "Authorization: Bearer $HERS"'
    const printed = await runShell([...session, check].join('\n'), terminal, [code, code])
    assert.match(printed, /^\{"username":"ada".*"role":"admin","status":"active"/)
    assert.ok(printed.includes(`${started.url}/invitation/dwl_`), printed)
    assert.match(printed, /\{"stage":"complete",.*"username":"grace".*"recovery_codes":\["/)
    assert.match(printed, /\{"items":\[\{"username":"ada".*\{"username":"grace".*\{"items":\[\{"username":"grace"/)
    assert.match(printed, /\{"username":"grace","email":"grace@example\.org".*"status":"active"/)
    assert.match(
      printed,
      /"code":"access\.invalid_token"[^{]*\}$/,
      'grace is signed out; her token still opens something',
    )
  })

  await t.test('the start on a database of the tutorial', async (inner) => {
    const path = await legacyDatabase(inner)
    const started = await startShown(inner, page.next({ PATH: path }), await openTerminal(inner))
    assert.ok(existsSync(`${path}.before-doorward`))
    const john = LEGACY_USERS[0]
    assert.ok(john)
    const password = john.password + new Authenticator(john.secret).code(Date.now())
    const token = await tutorialToken(started.url, john.username, password)
    const answer = await fetch(`${started.url}/users/me`, { headers: { authorization: `Bearer ${token}` } })
    assert.equal(((await answer.json()) as Record<string, unknown>)['username'], 'johndoe')
  })
}

async function tutorialToken(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams({ username, password }) })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return (JSON.parse(text) as { access_token: string }).access_token
}

export async function walkApp(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)
  const ada = await setUp(started, 'ada', PASSWORD)
  const userOf = await exportOf<UserOf>(t, page.next({ [DOCUMENTED_URL]: started.url }), 'userOf')
  assert.equal((await userOf(`Bearer ${ada.token}`))?.['username'], 'ada')
  assert.equal(await userOf('Bearer dwa_none'), undefined)
  assert.equal(await userOf(undefined), undefined)
  const { openapi } = JSON.parse(await runShell(page.next(), terminal)) as { openapi: string }
  assert.match(openapi, /^3\./)
  const signIn = await exportOf<SignIn>(t, page.next({ [DOCUMENTED_URL]: started.url }), 'signIn')
  const { user } = await signIn('ada', PASSWORD, (offered) => {
    assert.deepEqual(offered, ['totp', 'recovery-code'])
    return { kind: 'totp', proof: ada.codes.next() }
  })
  assert.equal(user['username'], 'ada')
  await assert.rejects(
    signIn('ada', 'four other calm words', () => assert.fail('a wrong password got to the second step')),
    /^Error: sign_in\.incorrect$/,
  )
}

type UserOf = (authorization: string | undefined) => Promise<Record<string, unknown> | undefined>

type SignIn = (
  username: string,
  password: string,
  ask: (offered: readonly string[]) => { readonly kind: string; readonly proof: string },
) => Promise<{ readonly user: Record<string, unknown> }>

async function exportOf<Export>(t: TestContext, code: string, name: string): Promise<Export> {
  const file = join(await temporaryFolder(t), 'app.mjs')
  writeFileSync(file, code)
  const found = ((await import(pathToFileURL(file).href)) as Record<string, Export | undefined>)[name]
  assert.ok(found, `the block exports no ${name}`)
  return found
}
