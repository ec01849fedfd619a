// A module of the conformance suite while it runs: what it has collected, and which of its conditions it has evaluated.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { Visitor } from '../../pages/visitor.ts'
import type { Person } from '../../people/people.ts'
import type { Server } from '../../server/start.ts'
import { type SharedClock, shareClock } from '../openid-clock.ts'
import { EVALUATED, type EvaluatedName, reasonFor, type StepName, STEPS } from './coverage.ts'
import type { Environment } from './environment.ts'
import { conditionsOf } from './facts.ts'
import { appOf, type AppFields, sharedServer } from './shared-server.ts'

/** The conditions of the base classes that a module comes to only with an answer that has a code, or only with an error. */
const WITH_CODE: readonly string[] = [
  'CheckMatchingCallbackParameters',
  'CheckIfAuthorizationEndpointError',
  'ExtractAuthorizationCodeFromAuthorizationResponse',
  'CreateTokenEndpointRequestForAuthorizationCodeGrant',
  'CallTokenEndpointAndReturnFullResponse',
  'CheckTokenEndpointHttpStatus200',
  'CheckIfTokenEndpointResponseError',
  'CheckForAccessTokenValue',
  'ExtractAccessTokenFromTokenResponse',
  'ExtractExpiresInFromTokenEndpointResponse',
  'CheckForRefreshTokenValue',
  'ExtractIdTokenFromTokenResponse',
  'CallProtectedResource',
  'EnsureHttpStatusCodeIs200',
] satisfies readonly (EvaluatedName | StepName)[]
const WITH_ERROR: readonly string[] = [
  'EnsureErrorFromAuthorizationEndpointResponse',
  'RejectAuthCodeInAuthorizationEndpointResponse',
  'CheckForUnexpectedParametersInErrorResponseFromAuthorizationEndpoint',
  'CheckErrorDescriptionFromAuthorizationEndpointResponseErrorContainsCRLFTAB',
  'ValidateErrorDescriptionFromAuthorizationEndpointResponseError',
  'ValidateErrorUriFromAuthorizationEndpointResponseError',
] satisfies readonly EvaluatedName[]
const WITH_ANSWER: readonly string[] = [
  'ValidateIssIfPresentInAuthorizationResponse',
  'CheckStateInAuthorizationResponse',
] satisfies readonly EvaluatedName[]

export class ModuleRun {
  readonly server: Server
  readonly person: Person
  /** A new browser, in which nobody has signed in. */
  readonly browser: Visitor
  readonly clock: SharedClock
  readonly env: Environment
  /** The names of the conditions that were evaluated, and of the steps that were taken. */
  readonly covered = new Set<string>()

  constructor(
    server: Server,
    { person, clock, app }: { readonly person: Person; readonly clock: SharedClock; readonly app: Environment['app'] },
  ) {
    this.server = server
    this.person = person
    this.clock = clock
    this.browser = new Visitor(server)
    const issuer = `${server.doorward.config.publicUrl}/oidc`
    this.env = { issuer, now: server.clock.now(), app, request: {}, forms: [], logoutState: '' }
  }

  /** Evaluates conditions of the suite. Throws for the first that does not hold. */
  check(...names: readonly EvaluatedName[]): void {
    this.env.now = this.server.clock.now()
    for (const name of names) {
      try {
        EVALUATED[name](this.env)
      } catch (error) {
        throw new Error(`${name} does not hold: ${(error as Error).message}`, { cause: error })
      }
      this.covered.add(name)
    }
  }

  /** Notes steps that the suite takes as conditions. */
  took(...names: readonly StepName[]): void {
    for (const name of names) this.covered.add(name)
  }
}

/**
 * Returns a test of the module whose name its title begins with. It fails if a condition of the module was neither evaluated nor left out for
 * a reason; conditions that come after the end of the module count as left out: those after a code where the answer is an error or a page.
 */
export function ofModule(
  run: (module: ModuleRun) => Promise<void>,
  { app = {}, after = [] }: { readonly app?: AppFields; readonly after?: readonly (EvaluatedName | StepName)[] } = {},
): (t: TestContext) => Promise<void> {
  return async (t) => {
    const [name = ''] = t.name.split(':')
    const wanted = conditionsOf(name)
    assert.ok(wanted.size > 0, `${name} is no module`)
    const { server, person } = await sharedServer()
    const clock = shareClock(t, server)
    const module = new ModuleRun(server, { person, clock, app: await appOf(server, app) })
    await run(module)
    assert.deepEqual(missingOf(wanted, module, after), [], 'these conditions were not evaluated')
  }
}

function missingOf(wanted: ReadonlySet<string>, { covered }: ModuleRun, after: readonly string[]): string[] {
  const [hadCode, hadError] = [WITH_CODE, WITH_ERROR].map((names) => names.some((name) => covered.has(name)))
  const beyond = [
    ...after,
    // A module uses one of them.
    ...STEPS['client authentication'],
    ...(hadCode ? [] : WITH_CODE),
    ...(hadError ? [] : WITH_ERROR),
    ...(hadCode || hadError ? [] : WITH_ANSWER),
  ]
  return [...wanted].filter((name) => !covered.has(name) && reasonFor(name) === undefined && !beyond.includes(name))
}
