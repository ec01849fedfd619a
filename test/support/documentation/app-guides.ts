// Follows the pages for developers of apps: the README's block, the API from scripts and from one's own app, the tutorial's database.
import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { Authenticator } from '../../../clients/test/src/codes.ts'
import { LEGACY_USERS, legacyDatabase } from '../databases/legacy-database.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { PASSWORD } from '../people/people.ts'
import { type Answers, FreshCodes, openTerminal, runShell, setUp, setUpWithPasskey, startShown } from './fresh-clone.ts'
import { Blocks } from './markdown.ts'
import { curlFor } from './shell-programs.ts'

const DOCUMENTED_URL = 'http://localhost:8000'

/** The README's block after a set-up by an authenticator app; `walkApi` runs it after a set-up by a passkey. */
export async function walkReadme(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t, { npm: true, programs: await curlFor(t) })
  const started = await startShown(t, 'npm start', terminal)
  await setUp(started, 'ada', PASSWORD)
  const printed = await runShell(page.next({ [DOCUMENTED_URL]: started.url }), terminal)
  assert.match(printed, /^\{"username":"ada".*"role":"admin","status":"active".*\}\n\{"username":"grace"/)
  assert.ok(printed.includes(`${started.url}/invitation/dwl_`), printed)
}

/** How many blocks of docs/api.md are the first session. */
export const FIRST_SESSION = 5

/** The block of the README, then those of the first session, in one shell, as they are pasted one after the other; then one's own app. */
export async function walkApi(t: TestContext, page: Blocks): Promise<void> {
  await t.test('the README and the first session, after a set-up by passkey', async (inner) => {
    const terminal = await openTerminal(inner, { programs: await curlFor(inner) })
    const started = await startShown(inner, 'npm start', terminal)
    await setUpWithPasskey(started, 'ada', PASSWORD)
    const session = [new Blocks('README.md').next(), ...Array.from({ length: FIRST_SESSION }, () => page.next())]
    await firstSession(started.url, session, (lines, answers) => runShell(lines, terminal, answers))
  })
  await t.test("the code of one's own app", (inner) => walkOwnApp(inner, page))
}

/** The start on a database of the tutorial. */
export async function walkOrigin(t: TestContext, page: Blocks): Promise<void> {
  const path = await legacyDatabase(t)
  const started = await startShown(t, page.next({ PATH: path }), await openTerminal(t))
  assert.ok(existsSync(`${path}.before-doorward`))
  const john = LEGACY_USERS[0]
  assert.ok(john)
  const password = john.password + new Authenticator(john.secret).code(Date.now())
  const token = await tutorialToken(started.url, john.username, password)
  const answer = await fetch(`${started.url}/users/me`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal(((await answer.json()) as Record<string, unknown>)['username'], 'johndoe')
}

type Run = (lines: string, answers: Answers) => Promise<string>

/** Runs the blocks of the README and of the first session against a server whose admin is ada, and checks what they print. */
export async function firstSession(url: string, blocks: readonly string[], run: Run): Promise<void> {
  let alan: FreshCodes | undefined
  const code = (printed: string): string => {
    alan ??= new FreshCodes(/app: ([A-Z2-7]{32})\n/.exec(printed)?.[1] ?? '')
    return alan.next()
  }
  const check = `curl -sw '\\n' $URL/users/me -H "Authorization: Bearer $HIS"`
  const lines = [...blocks, check].join('\n').replaceAll(DOCUMENTED_URL, url)
  const printed = await run(lines, [code, code])
  assert.match(printed, /^\{"username":"ada".*"role":"admin","status":"active"/)
  assert.match(printed, /^\{"username":"grace","email":"grace@example\.org"/m)
  assert.equal(printed.split(`${url}/invitation/dwl_`).length, 3, printed)
  assert.match(printed, /^The code it shows: \{"stage":"complete",.*"username":"alan".*"recovery_codes":\["/m)
  assert.match(printed, /^\{"items":\[\{"username":"ada".*\{"username":"alan".*\n\{"items":\[\{"username":"alan"/m)
  assert.match(printed, /^The next code it shows: \{"username":"alan","email":"alan@example\.org".*"status":"active"/m)
  assert.match(
    printed,
    /"code":"access\.invalid_token"[^{]*\}\n$/,
    'alan is signed out; his token still opens something',
  )
  assert.match(printed, /^204$/m)
  assert.doesNotMatch(printed, /\n\n/, 'a line is empty')
}

async function tutorialToken(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/token`, { method: 'POST', body: new URLSearchParams({ username, password }) })
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  return (JSON.parse(text) as { access_token: string }).access_token
}

async function walkOwnApp(t: TestContext, page: Blocks): Promise<void> {
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
