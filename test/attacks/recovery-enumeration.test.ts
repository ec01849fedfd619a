// G1 CVE-2026-26185, G2 CVE-2022-39307, G3 CVE-2023-39522 (enumeration): the form of a forgotten password discloses to an outsider which
// names have an account, or an email. Each class of names gets the same bytes after the same work; bench/classes.ts compares the times.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { seen, type Watched, watchedServer } from '../support/people/password-guesses.ts'
import { ask, newcomer, postForm, type Reply } from '../support/people/people.ts'
import { verifyEmail } from '../support/people/reset-links.ts'
import { rowOf } from '../support/people/second-factors.ts'
import type { Server } from '../support/server/start.ts'

const CLASSES = ['unknown', 'known', 'disabled', 'unverified', 'without-address', 'invited'] as const

const ROUTES: Readonly<Record<string, (server: Server, login: string) => Promise<Reply>>> = {
  'POST /password-resets': (server, login) => ask(server, 'POST', '/password-resets', { payload: { login } }),
  'POST /forgot-password': (server, username) =>
    postForm(server, '/forgot-password', { username }, { origin: 'http://localhost:8000' }),
}

/** The statements, without those that roll a savepoint back, and without the count of a limit that is reached. */
function workOf({ statements, hashes, opened }: Watched): object {
  return { hashes, opened, statements: statements.filter((text) => !/^rollback to savepoint/i.test(text.trim())) }
}

onEitherDatabase(
  'every class of names gets the same answer after the same statements, up to the limit and beyond it',
  async (t, dialect) => {
    const { server, root, watched } = await watchedServer(t, dialect, { settings: QUEUES_MAIL })
    for (const username of ['known', 'disabled', 'unverified'])
      await newcomer(root, username, { email: `${username}@example.org` })
    await newcomer(root, 'without-address')
    await root.asks('POST', '/users', { username: 'invited', email: 'invited@example.org' })
    await verifyEmail(server, 'known')
    await verifyEmail(server, 'disabled')
    await root.signsIn()
    await root.asks('POST', `/users/${(await rowOf({ server, username: 'disabled' })).id}/disable`)
    // What has been queued for people who have just joined.
    await server.doorward.db.deleteFrom('outbox').execute()
    for (const [route, asking] of Object.entries(ROUTES)) {
      await asking(server, 'warm-up')
      for (const suffix of ['', '@example.org']) {
        // An email and a name of one account share a limit, so each round begins anew.
        await server.doorward.db.deleteFrom('throttle_bucket').execute()
        for (let asked = 1; asked <= 5; asked++) {
          const answers = await inTurn(CLASSES, (name) => watched(() => asking(server, name + suffix)))
          assertSame(answers, `${route}, ${suffix}, request ${asked}`)
        }
      }
    }
    const mails = await server.doorward.db.selectFrom('outbox').select('recipient').execute()
    assert.deepEqual([...new Set(mails.map(({ recipient }) => recipient))], ['known@example.org'])
  },
)

function assertSame([first, ...others]: readonly Watched[], about: string): void {
  assert.ok(first)
  for (const [index, other] of others.entries()) {
    assert.deepEqual(seen(other.reply), seen(first.reply), `${about}: ${CLASSES[index + 1]}`)
    assert.deepEqual(workOf(other), workOf(first), `${about}: ${CLASSES[index + 1]}`)
  }
}

async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const item of items) results.push(await work(item))
  return results
}
