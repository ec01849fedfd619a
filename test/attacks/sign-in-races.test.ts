// Two concurrent requests at two nodes follow one link, begin one first sign-in or finish one attempt: one of them succeeds.
import assert from 'node:assert/strict'

import { Secret } from '#foundation/kernel/secret.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { beginEnrolment } from '#use-cases/enrolment/enrolment.service.ts'
import { acceptInvitation } from '#use-cases/onboarding/accept-invitation.service.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { ask, newcomer, PASSWORD, type Person, postToken, type Reply } from '../support/people/people.ts'
import { opensAttempt, provesSecondStep } from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import {
  actingAdmins,
  asks,
  assertOneOf,
  type Nodes,
  statusesOf,
  twoEmptyNodes,
  twoNodes,
} from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

const ROUNDS = 4

/** An enrolment that lacks only its code. */
interface Enrolment {
  readonly attempt: string
  readonly authenticator: Authenticator
}

async function enrolmentOf(node: Server, attempt: Secret): Promise<Enrolment> {
  const { secret } = await beginEnrolment(node.operator(), attempt)
  return { attempt: attempt.reveal(), authenticator: new Authenticator(secret.reveal()) }
}

function confirm(node: Server, { attempt, authenticator }: Enrolment): Promise<Reply> {
  const payload = { attempt, code: authenticator.code(node.clock.now()) }
  return ask(node, 'POST', '/attempts/totp/confirm', { payload })
}

/** Confirms the enrolments at once, in turn at each node. */
function confirmAll(nodes: Nodes, enrolments: readonly Enrolment[]): Promise<Reply[]> {
  return Promise.all(enrolments.map((enrolment, index) => confirm(nodes[index] ?? nodes[0], enrolment)))
}

/** Follows a set-up link up to the code that creates the admin. */
async function followed(node: Server, username: string, link: { readonly token: Secret } | undefined) {
  const { token } = link ?? assert.fail('there is an admin already')
  const wanted = { token, password: Secret.of(PASSWORD), username, email: null, fullName: null }
  return enrolmentOf(node, (await beginSetup(node.operator(), wanted)).attempt)
}

onEachDatabase('an invitation followed twice enrols one of the two', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  for (let round = 0; round < ROUNDS; round++) {
    const username = `guest-${round}`
    const token = Secret.of(invitationIn(await root.asks('POST', '/users', { username })))
    const passwords = ['four rather calm words', 'five even calmer plain words']
    const enrolments = []
    for (const password of passwords) {
      const { attempt } = await acceptInvitation(nodes[0].operator(), { token, password: Secret.of(password) })
      enrolments.push({ password, ...(await enrolmentOf(nodes[0], attempt)) })
    }
    const replies = await confirmAll(nodes, enrolments)
    assertOneOf(replies, 200, [401, 404])
    nodes[0].clock.pass(seconds(30))
    for (const [index, { password, authenticator }] of enrolments.entries()) {
      const code = authenticator.code(nodes[0].clock.now())
      const reply = await postToken(nodes[0], { username, password: password + code })
      assert.equal(reply.status, replies[index]?.status === 200 ? 200 : 401, 'the wrong one came in')
    }
    const apps = await nodes[0].doorward.db.selectFrom('totp_factor').selectAll().execute()
    assert.equal(apps.length, 2 + round, 'more than one app was enrolled')
  }
})

leaveToTestAll()

onEachDatabase('a first sign-in begun twice enrols one app, also while an admin edits the user', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  for (let round = 0; round < ROUNDS; round++) {
    const credentials = { username: `guest-${round}`, password: PASSWORD }
    const { body } = await root.asks('POST', '/users', credentials)
    const enrolments = []
    for (const node of nodes)
      enrolments.push(await enrolmentOf(node, Secret.of(await opensAttempt({ server: node, ...credentials }))))
    const [edited, replies] = await Promise.all([
      asks(nodes[0], root, 'PATCH', `/users/${String(body['id'])}`, { full_name: 'Guest' }),
      confirmAll(nodes, enrolments),
    ])
    assert.equal(edited.status, 200, edited.raw.body)
    assertOneOf(replies, 200, [401])
  }
})

onEachDatabase(
  'a set-up link used twice creates one admin, and the other request is refused because there is one',
  async (t, dialect) => {
    const nodes = await twoEmptyNodes(t, dialect)
    const link = await issueSetupLink(nodes[0].operator())
    const enrolments = [await followed(nodes[0], 'ada', link), await followed(nodes[0], 'bob', link)]
    const replies = await confirmAll(nodes, enrolments)
    assert.deepEqual(statusesOf(replies), [200, 409])
    assert.ok(replies.some(({ body }) => body['code'] === 'setup.finished'))
    assert.equal(await actingAdmins(nodes[0]), 1)
  },
)

onEachDatabase('the set-up links of two nodes make one admin', async (t, dialect) => {
  const nodes = await twoEmptyNodes(t, dialect)
  const enrolments = []
  for (const [index, node] of nodes.entries())
    enrolments.push(await followed(node, `admin-${index}`, await issueSetupLink(node.operator())))
  const replies = await confirmAll(nodes, enrolments)
  // A newer set-up link replaces the older one, so the request with the older one may be refused for that.
  assertOneOf(replies, 200, [404, 409])
  assert.equal(await actingAdmins(nodes[0]), 1)
})

onEachDatabase('an attempt is finished once, even with two good codes', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const { clock } = nodes[0]
  for (let round = 0; round < ROUNDS; round++) {
    clock.pass(seconds(90))
    const attempt = await opensAttempt(root)
    const before = await sessionsIn(nodes[0])
    const proofs = nodes.map((node, offset) =>
      provesSecondStep(node, attempt, ['totp', root.authenticator.code(clock.now(), offset)]),
    )
    assertOneOf(await Promise.all(proofs), 200, [401])
    assert.equal(await sessionsIn(nodes[0]), before + 1)
  }
})

async function sessionsIn({ doorward }: Server): Promise<number> {
  return (await doorward.db.selectFrom('session').select('id').execute()).length
}

onEachDatabase('many users of one network sign in at once, twice each, and each gets an answer', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const people: Person[] = []
  for (let number = 0; number < 6; number++) people.push(await newcomer(root, `person-${number}`))
  nodes[0].clock.pass(seconds(90))
  const now = nodes[0].clock.now()
  const replies = await Promise.all(
    people.flatMap(({ username, password, authenticator }) =>
      nodes.map((node) => postToken(node, { username, password: password + authenticator.code(now) })),
    ),
  )
  for (const [number] of people.entries())
    assert.deepEqual(statusesOf(replies.slice(2 * number, 2 * number + 2)), [200, 401])
})
