// The second step asks for the factor that the user used last; the others are one click away.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo } from '../support/pages/page-answers.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, newcomer, type Person, startWithAdmin } from '../support/people/people.ts'
import {
  givePasskey,
  giveRecoveryCodes,
  opensAttempt,
  provesSecondStep,
  showsPasskey,
} from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const STEP = '/sign-in/second-step'
const WRONG = 'not the right words'

/** The kinds in the order in which the API offers them, a minute later. */
async function offeredTo({ server, username, password }: Person): Promise<unknown> {
  server.clock.pass(minutes(1))
  const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password } })
  return body['offered']
}

/** The factor that the page of the second step asks for, then those to which it links. */
async function factorsOnPage({ server, username, password }: Person, query = ''): Promise<string[]> {
  const visitor = new Visitor(server)
  assertLeadsTo(await visitor.submit('/sign-in', { username, password }), STEP)
  const { main } = await visitor.page(STEP + query)
  const ways = (urls: readonly string[]) => urls.flatMap((url) => /way=([a-z-]+)$/.exec(url)?.[1] ?? [])
  return [...ways(main.allActions()).slice(0, 1), ...ways(main.targets(STEP))]
}

/** The page without challenges and references, which are random, and without the name. */
function withoutChance({ markup }: ParsedPage, username: string): string {
  return markup.replaceAll(/[\w-]{36,43}/g, '…').replaceAll(username, 'somebody')
}

onEitherDatabase('the factor used last is offered first, on the page and at the API', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await newcomer(root, 'ada')
  const [code = ''] = await giveRecoveryCodes(ada)
  const expect = async (order: readonly string[], after: string): Promise<void> => {
    assert.deepEqual(await offeredTo(ada), order, `at the API, ${after}`)
    assert.deepEqual(await factorsOnPage(ada), order, `on the page, ${after}`)
  }
  const appFirst = ['totp', 'passkey', 'recovery-code']
  const passkeyFirst = ['passkey', 'totp', 'recovery-code']

  server.clock.pass(minutes(1))
  const phone = await givePasskey(ada)
  await expect(passkeyFirst, 'with a passkey made since the app was used')
  await provesSecondStep(server, await opensAttempt(ada), ['totp', ada.code()])
  await expect(appFirst, 'after a code of the app')
  await showsPasskey(server, phone, await opensAttempt(ada))
  await expect(passkeyFirst, 'after the passkey')
  await ada.signsIn()
  await expect(appFirst, 'after a code at POST /token')
  await showsPasskey(server, phone)
  await expect(passkeyFirst, 'after the passkey alone')
  const recovered = await provesSecondStep(server, await opensAttempt(ada), ['recovery-code', code])
  assert.equal(recovered.status, 200)
  await expect(passkeyFirst, 'after a recovery code')
  assert.deepEqual(await factorsOnPage(ada, '?way=recovery-code'), ['recovery-code', 'passkey', 'totp'])
})

leaveToTestAll()

onEitherDatabase(
  'before the right password no answer discloses the last used factor, and a refused guess does not change it',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const people = [await newcomer(root, 'ada'), await newcomer(root, 'bob')] as const
    const [ada, bob] = people
    const phones = [await givePasskey(ada), await givePasskey(bob)] as const
    server.clock.pass(minutes(1))
    await showsPasskey(server, phones[0])
    await bob.signsIn()
    const refusals = people.map(async ({ username }) => {
      const visitor = new Visitor(server)
      const page = await visitor.pageAfter('/sign-in', { username, password: WRONG }, 401)
      assertLeadsTo(await visitor.open(STEP), '/sign-in')
      const { body } = await ask(server, 'POST', '/attempts', { payload: { username, password: WRONG } })
      return [withoutChance(page, username), body['code'], Object.keys(body)]
    })
    const [atAda, atBob] = await Promise.all(refusals)
    assert.deepEqual(atAda, atBob)
    // Threat: an attacker with only the password must not change the order that the user sees.
    await provesSecondStep(server, await opensAttempt(ada), ['totp', '000000'])
    assert.deepEqual(await factorsOnPage(ada), ['passkey', 'totp', 'recovery-code'])
    assert.deepEqual(await factorsOnPage(bob), ['totp', 'passkey', 'recovery-code'])
  },
)
