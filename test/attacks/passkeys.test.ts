// Threat: forged, borrowed and replayed responses of authenticators (attack book A12, A22, B14, F24, F25). Each differs from a
// valid one in one property, has a valid signature where that is possible, and is refused.
import assert from 'node:assert/strict'

import {
  assertionOptions,
  type AssertionScope,
  type AssertionVerdict,
  consumeAssertion,
  type MatchedAssertion,
} from '#domain/factors/passkeys/assertion.service.ts'
import { deleteExpiredChallenges } from '#domain/factors/passkeys/challenge.service.ts'
import {
  acceptedCredentials,
  countPasskeys,
  listPasskeys,
  removePasskey,
  renamePasskey,
  resetPasskeys,
} from '#domain/factors/passkeys/passkey.service.ts'
import { CHALLENGE_LIFETIME, type PasskeyReason } from '#domain/factors/passkeys/passkey.ts'
import { addPasskey } from '#domain/factors/passkeys/registration.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { hours } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import {
  type CreationTwists,
  FLAG,
  type MadePasskey,
  type RequestTwists,
  type SignedAnswer,
} from '../../clients/test/src/software-authenticator.ts'
import { onBothEngines } from '../support/databases/stores.ts'
import {
  ADA,
  askToAssert,
  askToRegister,
  at,
  GRACE,
  newAuthenticator,
  type PasskeyContext,
  passkeyStage,
  registers,
  RP_ID,
  SECOND_STEP,
  SIGN_IN,
  tryToAssert,
  tryToRegister,
} from '../support/people/passkey-services.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const HERE = FLAG.up | FLAG.uv
const TRIES = 50

function assertRefused(verdict: { outcome: string; reason?: PasskeyReason }, reason: PasskeyReason, what = ''): void {
  assert.deepEqual(verdict, { outcome: 'refused', reason }, what)
}

function assertMatched(verdict: AssertionVerdict): asserts verdict is MatchedAssertion {
  assert.equal(verdict.outcome, 'matched', JSON.stringify(verdict))
}

onBothEngines('a valid passkey is registered and signs in, with and without a name', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  const phone = newAuthenticator({ counts: true, flags: HERE | FLAG.be | FLAG.bs })
  const options = await askToRegister(ctx)
  const algorithms = options.pubKeyCredParams.map(({ alg }) => alg)
  assert.deepEqual(options.rp, { id: RP_ID, name: ctx.config.instanceName })
  assert.equal(Buffer.from(options.user.id, 'base64url').toString(), ADA)
  assert.equal(Buffer.from(options.challenge, 'base64url').length, 32)
  assert.deepEqual([options.attestation, options.authenticatorSelection?.userVerification], ['none', 'preferred'])
  assert.deepEqual(algorithms, [-7, -8, -257])
  const passkey = await registers(ctx, phone)
  assert.deepEqual([passkey.deviceType, passkey.backedUpAt], ['multi-device', ctx.now])
  for (const scope of [SIGN_IN, SECOND_STEP, { ...SECOND_STEP, purpose: 'reauthentication' } as const]) {
    const later = at(ctx, ctx.now + 1000)
    const verdict = await tryToAssert(later, phone.assert(await askToAssert(ctx, scope)), scope)
    assertMatched(verdict)
    assert.deepEqual([verdict.subject, verdict.passkeyId, verdict.userVerified], [ADA, passkey.id, true])
    assert.equal(await consumeAssertion(later, verdict), true)
  }
  const [used] = await listPasskeys(ctx, ADA)
  assert.deepEqual([used?.lastUsedAt, used?.backedUpAt], [ctx.now + 1000, ctx.now])
  const row = await db.selectFrom('passkey').select(['sign_count', 'transports']).executeTakeFirstOrThrow()
  assert.deepEqual(row, { sign_count: 3, transports: 'internal' })
})

leaveToTestAll()

const ANOTHER_SIZE = new Map([['credProtect', 2]])
const SIGNATURE_OF_ZEROS = new Map<string, number | Uint8Array>(Object.entries({ alg: -7, sig: Buffer.alloc(70) }))
const CREDENTIAL_ID = 'A'.repeat(43)

/** Registrations that differ from a valid one in one property. */
const REGISTRATIONS: readonly [what: string, twists: CreationTwists, reason: PasskeyReason][] = [
  ['an answer to another ceremony', { type: 'webauthn.get' }, 'other_type'],
  ['an unknown challenge', { challenge: 'A'.repeat(43) }, 'unknown_challenge'],
  ['another origin', { origin: 'https://id.example.org.evil.example' }, 'other_origin'],
  ['another scheme', { origin: 'http://id.example.org' }, 'other_origin'],
  ['another port', { origin: 'https://id.example.org:8443' }, 'other_origin'],
  ['a subdomain', { origin: 'https://a.id.example.org' }, 'other_origin'],
  ['a frame on another site', { clientData: { crossOrigin: true } }, 'cross_origin'],
  ['a frame, in another type', { clientData: { crossOrigin: 1 } }, 'cross_origin'],
  ['a frame, named by its outer page', { clientData: { topOrigin: 'https://example.com' } }, 'cross_origin'],
  ['another site’s id', { rpId: 'example.org' }, 'other_site'],
  ['no user present', { flags: FLAG.uv }, 'user_absent'],
  ['a backup of what cannot be backed up', { flags: HERE | FLAG.bs }, 'backup_flags'],
  ['an algorithm that was not offered', { algorithm: -35 }, 'algorithm_not_offered'],
  ['a key of another kind than its algorithm', { algorithm: -8 }, 'unfit_key'],
  ['a key of another kind than its algorithm, RSA', { algorithm: -257 }, 'unfit_key'],
  ['bytes behind', { trailing: Buffer.from([0]) }, 'unreadable'],
  ['the bit for extensions without any', { flags: HERE | FLAG.ed }, 'unreadable'],
  ['no attestation, with a statement', { statement: new Map([['alg', -7]]) }, 'attestation'],
  ['a signature of its own that is none', { format: 'packed', statement: SIGNATURE_OF_ZEROS }, 'attestation'],
]

onBothEngines('F25: a registration that differs in one property is refused, and nothing is written', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  for (const [what, twists, reason] of REGISTRATIONS) {
    const response = newAuthenticator().register(await askToRegister(ctx), twists)
    assertRefused(await tryToRegister(ctx, response), reason, what)
  }
  const edits: readonly [string, (made: MadePasskey) => MadePasskey, PasskeyReason][] = [
    ['another credential id', (made) => ({ ...made, id: CREDENTIAL_ID, rawId: CREDENTIAL_ID }), 'credential_id'],
    ['two credential ids', (made) => ({ ...made, rawId: CREDENTIAL_ID }), 'credential_id'],
    ['another type', (made) => ({ ...made, type: 'password' as 'public-key' }), 'unreadable'],
    ['client data that is none', (made) => withResponse(made, { clientDataJSON: 'bnVsbA' }), 'unreadable'],
  ]
  for (const [what, edit, reason] of edits) {
    const response = edit(newAuthenticator().register(await askToRegister(ctx)))
    assertRefused(await tryToRegister(ctx, response), reason, what)
  }
  assert.equal(await countPasskeys(ctx, ADA), 0)
  const extended = newAuthenticator().register(await askToRegister(ctx), { extensions: ANOTHER_SIZE })
  assert.equal((await tryToRegister(ctx, extended)).outcome, 'verified', 'extensions are left alone')
})

function withResponse<Answer extends { response: object }>(answer: Answer, part: object): Answer {
  return { ...answer, response: { ...answer.response, ...part } }
}

onBothEngines('a registration is accepted for the user, place and time of its challenge only', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  const options = await askToRegister(ctx)
  const response = newAuthenticator().register(options)
  assertRefused(await tryToRegister(ctx, response, GRACE), 'other_owner')
  assertRefused(await tryToRegister(at(ctx, ctx.now + CHALLENGE_LIFETIME), response), 'ended_challenge')
  assert.equal((await tryToRegister(at(ctx, ctx.now + CHALLENGE_LIFETIME - 1), response)).outcome, 'verified')
  const foreign = newAuthenticator().register({ ...options, challenge: (await askToAssert(ctx)).challenge })
  assertRefused(await tryToRegister(ctx, foreign), 'other_purpose')
})

/** Assertions that differ from a valid one in one property, each signed with the right key. */
const ASSERTIONS: readonly [what: string, twists: RequestTwists, reason: PasskeyReason][] = [
  ['an answer to another ceremony', { type: 'webauthn.create' }, 'other_type'],
  ['an unknown challenge', { challenge: 'A'.repeat(43) }, 'unknown_challenge'],
  ['an empty challenge', { challenge: '' }, 'unknown_challenge'],
  ['another origin', { origin: 'https://evil.example' }, 'other_origin'],
  ['an origin with a slash', { origin: 'https://id.example.org/' }, 'other_origin'],
  ['a frame on another site', { clientData: { crossOrigin: true } }, 'cross_origin'],
  ['a frame, named by its outer page', { clientData: { topOrigin: 'https://id.example.org' } }, 'cross_origin'],
  ['another site’s id', { rpId: 'example.org' }, 'other_site'],
  ['no user present', { flags: FLAG.uv | FLAG.be }, 'user_absent'],
  ['no longer fit for backups', { flags: HERE }, 'backup_flags'],
  ['a backup of what cannot be backed up', { flags: HERE | FLAG.bs }, 'backup_flags'],
  ['bytes behind', { trailing: Buffer.from([0]) }, 'unreadable'],
  ['the bit for extensions without any', { flags: HERE | FLAG.be | FLAG.ed }, 'unreadable'],
  ['the bit for a new passkey without one', { flags: HERE | FLAG.be | FLAG.at }, 'unreadable'],
  ['the same count again', { signCount: 7 }, 'sign_count'],
  ['a lower count', { signCount: 6 }, 'sign_count'],
  ['no count any more', { signCount: 0 }, 'sign_count'],
  ['no user handle', { userHandle: null }, 'wrong_user_handle'],
  ['the user handle of another', { userHandle: Buffer.from(GRACE).toString('base64url') }, 'wrong_user_handle'],
]

onBothEngines('A12, A22: an answer that differs in one property is refused', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  const phone = newAuthenticator({ flags: HERE | FLAG.be })
  await registers(ctx, phone)
  await db.updateTable('passkey').set({ sign_count: 7 }).execute()
  const honest = { signCount: 8 }
  for (const [what, twists, reason] of ASSERTIONS) {
    const response = phone.assert(await askToAssert(ctx), { ...honest, ...twists })
    assertRefused(await tryToAssert(ctx, response), reason, what)
  }
  const signedWithMore = (answer: SignedAnswer) => withResponse(answer, { signature: `${answer.response.signature}AA` })
  const edits: readonly [string, (answer: SignedAnswer) => SignedAnswer, PasskeyReason][] = [
    ['an empty signature', (answer) => withResponse(answer, { signature: '' }), 'signature'],
    ['a signature of zeros', (answer) => withResponse(answer, { signature: 'A'.repeat(94) }), 'signature'],
    ['one byte behind the signature', signedWithMore, 'signature'],
    ['an unknown passkey', (answer) => ({ ...answer, id: CREDENTIAL_ID, rawId: CREDENTIAL_ID }), 'unknown_passkey'],
    ['two credential ids', (answer) => ({ ...answer, rawId: CREDENTIAL_ID }), 'credential_id'],
    ['no authenticator data', (answer) => withResponse(answer, { authenticatorData: '' }), 'unreadable'],
    ['client data that is none', (answer) => withResponse(answer, { clientDataJSON: '' }), 'unreadable'],
  ]
  for (const [what, edit, reason] of edits) {
    const answer = edit(phone.assert(await askToAssert(ctx), honest))
    assertRefused(await tryToAssert(ctx, answer), reason, what)
  }
  assert.equal((await tryToAssert(ctx, phone.assert(await askToAssert(ctx), honest))).outcome, 'matched')
})

onBothEngines('A22: unsigned claims of the client are ignored: unsigned bits, "ok", a foreign key', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  const [phone, graces] = [newAuthenticator(), newAuthenticator()]
  await registers(ctx, phone)
  await registers(ctx, graces, GRACE)
  const answer = phone.assert(await askToAssert(ctx), { flags: FLAG.up })
  const bits = Buffer.from(answer.response.authenticatorData, 'base64url')
  bits[32] = HERE
  const claimed = withResponse(answer, { authenticatorData: bits.toString('base64url') })
  assertRefused(await tryToAssert(ctx, claimed), 'signature')
  const boast = { ...claimed, verified: true, userVerified: true, clientExtensionResults: { uv: true, ok: true } }
  assertRefused(await tryToAssert(ctx, boast), 'signature')
  const [signWith] = graces.passkeys
  assert.ok(signWith)
  const forged = phone.assert(await askToAssert(ctx), { signWith })
  assertRefused(await tryToAssert(ctx, forged), 'signature')
  const unverified = await tryToAssert(ctx, answer)
  assertMatched(unverified)
  assert.equal(unverified.userVerified, false, 'the signed bit is not reported')
})

onBothEngines(
  'F24: an assertion is accepted for the user, purpose and sign-in of its challenge only',
  async (t, db) => {
    const ctx = await passkeyStage(t, db)
    const [phone, other] = [newAuthenticator(), newAuthenticator()]
    await registers(ctx, phone)
    const answer = phone.assert(await askToAssert(ctx, SECOND_STEP))
    const elsewhere: readonly [AssertionScope, PasskeyReason][] = [
      [{ ...SECOND_STEP, subject: GRACE }, 'other_owner'],
      [{ ...SECOND_STEP, subject: null }, 'other_owner'],
      [{ ...SECOND_STEP, boundTo: 'another attempt' }, 'other_binding'],
      [{ ...SECOND_STEP, boundTo: null }, 'other_binding'],
      [{ ...SECOND_STEP, purpose: 'reauthentication' }, 'other_purpose'],
      [SIGN_IN, 'other_purpose'],
    ]
    for (const [scope, reason] of elsewhere) assertRefused(await tryToAssert(ctx, answer, scope), reason)
    assertRefused(await tryToAssert(at(ctx, ctx.now + CHALLENGE_LIFETIME), answer, SECOND_STEP), 'ended_challenge')
    assert.equal((await tryToAssert(ctx, answer, SECOND_STEP)).outcome, 'matched')

    // Grace has no passkey and is asked for hers: Ada’s must not be accepted.
    const asGrace = { ...SECOND_STEP, subject: GRACE }
    const options = await askToAssert(ctx, asGrace)
    assert.deepEqual(options.allowCredentials, [])
    assertRefused(await tryToAssert(ctx, phone.assert(options), asGrace), 'other_owner')
    await registers(ctx, other, GRACE)
    const handle = { userHandle: Buffer.from(ADA).toString('base64url') }
    const asAda = other.assert(await askToAssert(ctx, asGrace), handle)
    assertRefused(await tryToAssert(ctx, asAda, asGrace), 'wrong_user_handle')
    const silent = other.assert(await askToAssert(ctx, asGrace), { userHandle: null })
    assert.equal((await tryToAssert(ctx, silent, asGrace)).outcome, 'matched', 'a named person needs no user handle')
  },
)

onBothEngines('a removed passkey is refused, even with an assertion that was verified before', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  const phone = newAuthenticator()
  const { id } = await registers(ctx, phone)
  const checked = await tryToAssert(ctx, phone.assert(await askToAssert(ctx)))
  assertMatched(checked)
  assert.equal(await removePasskey(ctx, { subject: GRACE, id }), false)
  assert.equal(await renamePasskey(ctx, { subject: GRACE, id, name: 'Mine' }), false)
  assert.equal(await renamePasskey(ctx, { subject: ADA, id, name: 'Mine' }), true)
  assert.equal(await removePasskey(ctx, { subject: ADA, id }), true)
  assert.equal(await consumeAssertion(ctx, checked), false)
  assertRefused(await tryToAssert(ctx, phone.assert(await askToAssert(ctx))), 'unknown_passkey')
})

onBothEngines('B14: of fifty uses of one answer at once, on two connections, one succeeds', async (t, db, store) => {
  const ctx = await passkeyStage(t, db)
  const both = [ctx, { ...ctx, db: await store.open() }]
  for (const counts of [false, true]) {
    const phone = newAuthenticator({ counts })
    await registers(ctx, phone)
    const answer = phone.assert(await askToAssert(ctx))
    const uses = await Promise.all(spread(both, (mine) => useIt(mine, answer)))
    assert.equal(uses.filter(Boolean).length, 1)
    assertRefused(await tryToAssert(ctx, answer), 'ended_challenge')
  }
})

onBothEngines('of fifty answers with one count, to fifty challenges, one succeeds', async (t, db, store) => {
  const ctx = await passkeyStage(t, db)
  const both = [ctx, { ...ctx, db: await store.open() }]
  const phone = newAuthenticator()
  await registers(ctx, phone)
  const asked = spread(both, async (mine) => phone.assert(await askToAssert(mine), { signCount: 5 }))
  const answers = await Promise.all(asked)
  const uses = await Promise.all(answers.map((answer, index) => useIt(both[index % 2] ?? ctx, answer)))
  assert.equal(uses.filter(Boolean).length, 1)
})

onBothEngines(
  'of fifty registrations of one answer at once, on two connections, one succeeds',
  async (t, db, store) => {
    const ctx = await passkeyStage(t, db)
    const both = [ctx, { ...ctx, db: await store.open() }]
    const response = newAuthenticator().register(await askToRegister(ctx))
    const verdict = await tryToRegister(ctx, response)
    assert.ok(verdict.outcome === 'verified')
    const { registration } = verdict
    const add = (mine: PasskeyContext) => inTransaction(mine, (tx) => addPasskey(tx, registration, { name: 'Phone' }))
    const adds = await Promise.allSettled(spread(both, add))
    assert.equal(adds.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.equal(await countPasskeys(ctx, ADA), 1)
    await assert.rejects(add(ctx), { code: 'passkey.challenge_ended' })
  },
)

function spread<Result>(contexts: readonly PasskeyContext[], work: (ctx: PasskeyContext) => Promise<Result>) {
  return Array.from({ length: TRIES }, (_, index) => work(contexts[index % contexts.length] ?? assert.fail()))
}

/** Verifies and consumes an assertion, as a route does. */
async function useIt(ctx: PasskeyContext, answer: SignedAnswer): Promise<boolean> {
  const verdict = await tryToAssert(ctx, answer)
  return verdict.outcome === 'matched' && inTransaction(ctx, (tx) => consumeAssertion(tx, verdict))
}

onBothEngines('a passkey belongs to one user, and a user has at most twenty', async (t, db) => {
  const ctx = await passkeyStage(t, db)
  const phone = newAuthenticator()
  const { credentialId } = await registers(ctx, phone)
  const options = await askToRegister(ctx)
  const excluded = options.excludeCredentials?.map(({ id, transports }) => [id, transports])
  assert.deepEqual(excluded, [[credentialId, ['internal']]])
  const again = await tryToRegister(ctx, newAuthenticator().register(await askToRegister(ctx, GRACE)), GRACE)
  assert.ok(again.outcome === 'verified')
  const stolen = { ...again.registration, credentialId }
  const added = inTransaction(ctx, (tx) => addPasskey(tx, stolen, { name: 'Hers' }))
  await assert.rejects(added, { code: 'passkey.already_registered' })
  for (let count = 1; count < 20; count += 1) await registers(ctx, newAuthenticator())
  await assert.rejects(registers(ctx, newAuthenticator()), { code: 'passkey.too_many' })
  const accepted = await acceptedCredentials(ctx, ADA)
  assert.deepEqual([accepted.rpId, accepted.userId], [RP_ID, Buffer.from(ADA).toString('base64url')])
  assert.equal(accepted.allAcceptedCredentialIds.length, 20)
  assert.equal(await resetPasskeys(ctx, ADA), 20)
  assert.deepEqual((await acceptedCredentials(ctx, ADA)).allAcceptedCredentialIds, [])
})

onBothEngines(
  'options without a username differ in the challenge only, whichever users have passkeys',
  async (t, db) => {
    const ctx = await passkeyStage(t, db)
    const { challenge: _, ...before } = await askToAssert(ctx)
    await registers(ctx, newAuthenticator())
    const { challenge: __, ...after } = await askToAssert(ctx)
    assert.deepEqual(after, before)
    assert.deepEqual(after.allowCredentials, [])
  },
)

onBothEngines(
  'only the hash of a challenge is stored, and it is forgotten when its time is long over',
  async (t, db) => {
    const ctx = await passkeyStage(t, db)
    const { challenge } = await askToAssert(ctx)
    const rows = await db.selectFrom('passkey_challenge').selectAll().execute()
    assert.equal(rows.length, 1)
    assert.ok(!JSON.stringify(rows).includes(challenge))
    await deleteExpiredChallenges(at(ctx, ctx.now + CHALLENGE_LIFETIME + hours(1)))
    assert.equal((await db.selectFrom('passkey_challenge').select('id').execute()).length, 1)
    await deleteExpiredChallenges(at(ctx, ctx.now + CHALLENGE_LIFETIME + hours(1) + 1))
    assert.equal((await db.selectFrom('passkey_challenge').select('id').execute()).length, 0)
  },
)

const CHALLENGES: Readonly<Record<Dialect, number>> = { sqlite: 10_000, postgres: 100 }

onBothEngines('ASVS 6.7.2: ten thousand challenges are all different and have 256 bits', async (t, db, { engine }) => {
  const ctx = await passkeyStage(t, db)
  const challenges = new Set<string>()
  await inTransaction(ctx, async (tx) => {
    for (let count = 0; count < CHALLENGES[engine]; count += 1) {
      const { challenge } = await assertionOptions(tx, SIGN_IN)
      assert.equal(Buffer.from(challenge, 'base64url').length, 32)
      challenges.add(challenge)
    }
  })
  assert.equal(challenges.size, CHALLENGES[engine])
})
