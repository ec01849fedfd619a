// Each flow that verifies a password calls the writes that follow from it by name; a flow that forgets one fails here.
import { hash as bcrypt } from '@node-rs/bcrypt'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findUser, insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { Context } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { newDatabase } from '#test/support/databases/each-database.ts'
import { signedInAs, wholeContext } from '#test/support/people/principals.ts'
import { reauthenticate } from './reauthentication.service.ts'
import { beginSignIn } from './sign-in.service.ts'
import { tokenSignIn } from './token.service.ts'

type Flow = (ctx: Context, user: User, password: Secret) => Promise<unknown>

const FLOWS: Readonly<Record<string, Flow>> = {
  'the first step of a sign-in': (ctx, { username }, password) =>
    beginSignIn(ctx, { username, password, transport: 'bearer' }),
  'the token route': (ctx, { username }, password) => tokenSignIn(ctx, { username, password }),
  're-authentication': async (ctx, user, password) => reauthenticate(await signedInAs(ctx, user), { password }),
}

/** The user after a flow, with the actions of the events about their password. */
async function afterFlow(t: TestContext, flow: Flow, { stored, shown }: { stored: string; shown: string }) {
  const { db } = await newDatabase(t, 'sqlite')
  const ctx = await wholeContext(t, db)
  const hashedPassword = Secret.of(await bcrypt(stored, 4))
  const user = await insertUser(ctx, { username: 'ada', role: 'user', hashedPassword })
  await flow(ctx, user, Secret.of(shown)).catch((error: unknown) => assert.ok(error instanceof Refusal, String(error)))
  const after = await findUser(ctx, user.subject)
  const { items } = await listEvents(ctx, { target: user.subject, limit: 20 })
  const actions = items.map(({ action }) => action).filter((action) => action.startsWith('password.'))
  const scheme = after?.hashedPassword?.reveal().split('$')[1]
  return { scheme, actions, isAsked: after?.passwordChangeAskedAt === ctx.now }
}

for (const [name, flow] of Object.entries(FLOWS)) {
  test(`${name} replaces an outdated hash of the right password`, async (t) => {
    const after = await afterFlow(t, flow, { stored: 'kettle of stars', shown: 'kettle of stars' })
    assert.deepEqual(after, { scheme: 'argon2id', actions: ['password.upgraded'], isAsked: false })
  })

  test(`${name} asks for a new password where bcrypt compared 72 bytes of a longer one`, async (t) => {
    const long = 'kettle of stars '.repeat(5)
    const after = await afterFlow(t, flow, { stored: long, shown: long })
    assert.deepEqual(after, { scheme: '2b', actions: ['password.change_asked'], isAsked: true })
  })

  test(`${name} leaves the hash of a wrong password alone`, async (t) => {
    const after = await afterFlow(t, flow, { stored: 'kettle of stars', shown: 'lanterns at sea '.repeat(5) })
    assert.deepEqual(after, { scheme: '2b', actions: [], isAsked: false })
  })
}
