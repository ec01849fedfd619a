// Three admins and a user of a server with the two-person rule.
import type { TestContext } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { newInstallation, type Server, start } from '../server/start.ts'
import { newcomer, Person, startWithAdmin } from './people.ts'

export interface RuledScene {
  readonly server: Server
  /** Admins, signed in a moment ago, with an email address each: `root@example.org`. */
  readonly root: Person
  readonly mia: Person
  readonly noa: Person
  /** A signed-in user without permissions. */
  readonly ada: Person
}

/** The people are made while the rule is off; the server of the scene is a second node, which has turned it on. */
export async function startWithRule(
  t: TestContext,
  dialect: Dialect,
  settings: Readonly<Record<string, string>> = {},
): Promise<RuledScene> {
  const installation = await newInstallation(t, dialect)
  const { root } = await startWithAdmin(t, installation)
  await root.asks('PATCH', '/users/me', { email: 'root@example.org' })
  const made = [
    root,
    await newcomer(root, 'mia', { role: 'admin', email: 'mia@example.org' }),
    await newcomer(root, 'noa', { role: 'admin', email: 'noa@example.org' }),
    await newcomer(root, 'ada', { email: 'ada@example.org' }),
  ]
  const server = await start(t, { ...installation, settings: { two_person_rule: 'on', ...settings } })
  const there: Person[] = []
  for (const person of made) there.push(await personAt(server, person))
  // Mails about their joining and signing in.
  await server.doorward.db.deleteFrom('outbox').execute()
  const [first, mia, noa, ada] = there
  return { server, root: first!, mia: mia!, noa: noa!, ada: ada! }
}

async function personAt(server: Server, { username, password, authenticator }: Person): Promise<Person> {
  // Past the step of the code that confirmed the enrolment.
  server.clock.pass(seconds(30))
  return new Person(server, username, password, authenticator).signsIn()
}
