// For each route and each state of a user: which factors the route asks for, and the assurance level of the session it starts.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { isOpen } from '#entry/http/permission.ts'
import { newUserInState, type State, STATES, type UserInState } from '../support/people/enrolment-states.ts'
import { OTHER_ROUTES } from '../support/people/other-routes.ts'
import { firstAdmin } from '../support/people/people.ts'
import { ENROLMENT_ROUTE, outcomeAt, SIGN_IN_ROUTES } from '../support/people/sign-in-routes.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

/**
 * By route, the outcome for each state of a user. ` | ` separates the outcome where a second factor is required from that where it
 * is optional. `-`: the user lacks the factor; `asks` lists the offered factors; a session shows its methods and assurance level.
 */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'POST /token': {
    'sign_in.enrolment_needed | password: one-factor': 'none',
    'password+totp: two-factors': 'app, app passkey, app codes',
    'sign_in.second_factor_elsewhere': 'passkey, touch',
    'sign_in.incorrect': 'invited, disabled, expired',
  },
  'POST /attempts': {
    'enrolment | password: one-factor': 'none',
    'asks totp': 'app',
    'asks passkey': 'passkey, touch',
    'asks totp passkey': 'app passkey',
    'asks totp recovery-code': 'app codes',
    'sign_in.incorrect': 'invited',
    'asks passkey totp recovery-code': 'disabled, expired',
  },
  'POST /attempts with a code': {
    'enrolment | password: one-factor': 'none',
    'password+totp: two-factors': 'app, app passkey, app codes',
    'attempt.code_wrong': 'passkey, touch',
    'sign_in.incorrect': 'invited',
    'sign_in.disabled': 'disabled, expired',
  },
  'POST /attempts/review': {
    'attempt.wrong_stage | no attempt': 'none',
    'attempt.wrong_stage': 'app, passkey, touch, app passkey, app codes, invited, disabled, expired',
  },
  'POST /sign-in/review': {
    'to /sign-in/second-step | no attempt': 'none',
    'to /sign-in/second-step': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'to /sign-in': 'invited',
  },
  'POST /invitations/accept': {
    '-': 'none, app, passkey, touch, app passkey, app codes, disabled, expired',
    enrolment: 'invited',
  },
  'POST /password-resets/complete': {
    'enrolment | password: one-factor': 'none, invited',
    'asks totp': 'app',
    'asks passkey': 'passkey, touch',
    'asks totp passkey': 'app passkey',
    'asks totp recovery-code': 'app codes',
    'link.unknown': 'disabled, expired',
  },
  'POST /password-reset/:token': {
    'to /enrolment | password: one-factor': 'none, invited',
    'to /sign-in/second-step': 'app, passkey, touch, app passkey, app codes',
    'page 404': 'disabled, expired',
  },
  'POST /enrolment-links/accept': {
    enrolment: 'none',
    'link.used': 'app, passkey, touch, app passkey, app codes',
    'password.wrong': 'invited',
    'link.unknown': 'disabled, expired',
  },
  'POST /enrolment-link/:token': {
    'to /enrolment': 'none',
    'page 404': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'page 403': 'invited',
  },
  'POST /attempts/second-factor by an app': {
    'attempt.wrong_stage | no attempt': 'none',
    'password+totp: two-factors': 'app, app passkey, app codes',
    'attempt.code_wrong': 'passkey, touch',
    'attempt.wrong_stage': 'invited',
    'sign_in.disabled': 'disabled, expired',
  },
  'POST /attempts/second-factor by a recovery code': {
    'attempt.wrong_stage | no attempt': 'none',
    'attempt.recovery_code_wrong': 'app, passkey, touch, app passkey',
    'password+recovery-code: two-factors': 'app codes',
    'attempt.wrong_stage': 'invited',
    'sign_in.disabled': 'disabled, expired',
  },
  'POST /attempts/passkey': {
    '-': 'none, app, app codes, invited',
    'passkey: phishing-resistant': 'passkey, app passkey',
    'passkey.not_verified': 'touch',
    'sign_in.disabled': 'disabled, expired',
  },
  'POST /attempts/passkey with an attempt': {
    '- | no attempt': 'none',
    '-': 'app, app codes, invited',
    'password+passkey: phishing-resistant': 'passkey, touch, app passkey',
    'sign_in.disabled': 'disabled, expired',
  },
  'POST /attempts/totp/confirm': {
    'password+totp: two-factors | no attempt': 'none',
    'attempt.wrong_stage': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'password+totp: two-factors': 'invited',
  },
  'POST /attempts/passkeys': {
    'password+passkey: phishing-resistant | no attempt': 'none',
    'attempt.wrong_stage': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'password+passkey: phishing-resistant': 'invited',
  },
  'POST /sign-in': {
    'to /enrolment | password: one-factor': 'none',
    'to /sign-in/second-step': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'page 401': 'invited',
  },
  'POST /sign-in/passkey': {
    '-': 'none, app, app codes, invited',
    'passkey: phishing-resistant': 'passkey, app passkey',
    'page 401': 'touch',
    'page 403': 'disabled, expired',
  },
  'POST /sign-in/second-step by an app': {
    'to /enrolment | no attempt': 'none',
    'password+totp: two-factors': 'app, app passkey, app codes',
    'page 401': 'passkey, touch',
    'to /sign-in': 'invited',
    'page 403': 'disabled, expired',
  },
  'POST /sign-in/second-step by a recovery code': {
    'to /enrolment | no attempt': 'none',
    'page 401': 'app, passkey, touch, app passkey',
    'password+recovery-code: two-factors': 'app codes',
    'to /sign-in': 'invited',
    'page 403': 'disabled, expired',
  },
  'POST /sign-in/second-step by a passkey': {
    '- | no attempt': 'none',
    '-': 'app, app codes, invited',
    'password+passkey: phishing-resistant': 'passkey, touch, app passkey',
    'page 403': 'disabled, expired',
  },
  'POST /enrolment/app': {
    'password+totp: two-factors | no attempt': 'none',
    'page 409': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'to /sign-in': 'invited',
  },
  'POST /enrolment/passkey': {
    'password+passkey: phishing-resistant | no attempt': 'none',
    'to /sign-in/second-step': 'app, passkey, touch, app passkey, app codes, disabled, expired',
    'to /sign-in': 'invited',
  },
  'an API token': {
    'not made | works': 'none, invited',
    works: 'app, passkey, touch, app passkey, app codes',
    'not made': 'disabled',
    'access.invalid_token': 'expired',
  },
  'POST /session/proof by the password': {
    're-authenticated: one-factor': 'none',
    'reauthentication.too_weak': 'app, passkey, touch, app passkey, app codes',
    'reauthentication.refused': 'invited',
    'access.invalid_token': 'disabled, expired',
  },
  'POST /session/proof by an app': {
    'reauthentication.refused': 'none, invited',
    're-authenticated: two-factors': 'app, app codes',
    'reauthentication.too_weak': 'passkey, touch, app passkey',
    'access.invalid_token': 'disabled, expired',
  },
  'POST /session/proof by a recovery code': {
    'reauthentication.refused': 'none, app, passkey, touch, app passkey, invited',
    're-authenticated: two-factors': 'app codes',
    'access.invalid_token': 'disabled, expired',
  },
  'POST /session/proof by a passkey': {
    '-': 'none, app, app codes, invited',
    're-authenticated: phishing-resistant': 'passkey, app passkey',
    'reauthentication.passkey_refused': 'touch',
    'access.invalid_token': 'disabled, expired',
  },
  'POST /session/proof by password and passkey': {
    '-': 'none, app, app codes, invited',
    're-authenticated: phishing-resistant': 'passkey, touch, app passkey',
    'access.invalid_token': 'disabled, expired',
  },
  'POST /confirm by an app': {
    're-authenticated: one-factor': 'none',
    're-authenticated: two-factors': 'app, app codes',
    'not re-authenticated': 'passkey, touch, app passkey, invited, disabled, expired',
  },
  'POST /confirm by a recovery code': {
    're-authenticated: one-factor': 'none',
    'not re-authenticated': 'app, passkey, touch, app passkey, invited, disabled, expired',
    're-authenticated: two-factors': 'app codes',
  },
  'POST /confirm by a passkey': {
    '-': 'none, app, app codes, invited',
    're-authenticated: phishing-resistant': 'passkey, app passkey',
    'not re-authenticated': 'touch, disabled, expired',
  },
  'POST /confirm by password and passkey': {
    '-': 'none, app, app codes, invited',
    're-authenticated: phishing-resistant': 'passkey, touch, app passkey',
    'not re-authenticated': 'disabled, expired',
  },
}

type Policy = 'required' | 'optional'

type Outcomes = Readonly<Record<string, Readonly<Record<State, string>>>>

/** The outcome of each state at each route. */
async function outcomesUnder(t: TestContext, policy: Policy): Promise<Outcomes> {
  const server = await start(t, { settings: { second_factor: policy } })
  const { db } = server.doorward
  // Another test covers power failures, and syncing to the disk is slow.
  await sql`pragma synchronous = off`.execute(db)
  const admin = await (await firstAdmin(server)).signsIn()
  const people = new Map<State, UserInState>()
  const rows: Record<string, Record<State, string>> = {}
  let number = 0
  for (const what of Object.keys(SIGN_IN_ROUTES)) {
    const row: Partial<Record<State, string>> = {}
    for (const state of STATES) {
      const who = people.get(state) ?? (await newUserInState(admin, state, ++number))
      people.set(state, who)
      row[state] = await outcomeAt(who, what)
      if (ENROLMENT_ROUTE.test(what) && (state === 'none' || state === 'invited')) people.delete(state)
      await db.deleteFrom('throttle_bucket').execute()
    }
    rows[what] = row as Record<State, string>
    await admin.signsIn()
  }
  return rows
}

test('every account state is asked for the right factors on every route, whether a second factor is required or not', async (t) => {
  const required = await outcomesUnder(t, 'required')
  const optional = await outcomesUnder(t, 'optional')
  const table: Record<string, Record<string, string>> = {}
  for (const [route, row] of Object.entries(required)) {
    const byOutcome: Record<string, string[]> = {}
    for (const state of STATES) {
      const other = optional[route]?.[state]
      const outcome = row[state] === other ? row[state] : `${row[state]} | ${other}`
      byOutcome[outcome] = [...(byOutcome[outcome] ?? []), state]
    }
    table[route] = Object.fromEntries(
      Object.entries(byOutcome).map(([outcome, states]) => [outcome, states.join(', ')]),
    )
  }
  assert.deepEqual(table, TABLE)
})

leaveToTestAll()

test('each route that anonymous clients may post to is in the table, or listed as no sign-in route', async (t) => {
  const open = (await liveRoutes(await start(t))).filter(({ method, url, config }) => {
    return method !== 'GET' && (isOpen(config.access) || url === '/session/proof' || url === '/confirm')
  })
  const routes = new Set(Object.keys(TABLE).map((name) => name.split(' ').slice(0, 2).join(' ')))
  const known = [...routes, ...Object.keys(OTHER_ROUTES)].filter((route) => route.startsWith('POST'))
  assert.deepEqual(open.map(({ method, url }) => `${method} ${url}`).toSorted(), [...new Set(known)].toSorted())
})
