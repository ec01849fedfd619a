// An HTTP app with the routes of a test, guarded as the product's routes are, and users with sessions.
import type { TestContext } from 'node:test'

import { startSession } from '#domain/sessions/session.service.ts'
import { insertUser } from '#domain/users/user.service.ts'
import { buildApp } from '#entry/http/app.ts'
import { contextFor, type Dependencies } from '#foundation/context.ts'
import type { BuiltInRole, Transport } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { WriteProbe } from '#foundation/platform/database/write-probe.ts'
import { newLogger } from '#foundation/platform/logging/logger.ts'
import type { App } from '#foundation/web/http/app.ts'
import { newStore, STRANGER } from '../databases/stores.ts'
import { wholeContext } from '../people/principals.ts'
import { TestClock } from './clock.ts'

export interface GuardedApp {
  readonly app: App
  readonly deps: Dependencies
  readonly clock: TestClock
  readonly log: () => string
  /** Inserts a user and returns the token of a new session. */
  readonly token: (transport: Transport, role: BuiltInRole, secondFactorAt?: Instant | null) => Promise<string>
}

export interface GuardedAppOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly deps?: Partial<Dependencies>
}

/** Builds the app with these routes. */
export async function openGuardedApp(
  t: TestContext,
  routes: readonly ((app: App) => void)[],
  options: GuardedAppOptions = {},
): Promise<GuardedApp> {
  const { db } = await newStore(t, 'sqlite')
  const clock = new TestClock()
  const { config } = loadConfig({ flags: options.settings ?? {}, env: {}, readFile: () => undefined })
  const lines: string[] = []
  const log = newLogger({ logLevel: 'debug' }, { write: (line: string) => void lines.push(line) })
  const writeProbe = new WriteProbe({ db, log })
  const deps: Dependencies = { ...(await wholeContext(t, db, { config, log })), clock, writeProbe, ...options.deps }
  const app = await buildApp(deps, { routes })
  t.after(() => app.close())
  let people = 0
  const token = async (
    transport: Transport,
    role: BuiltInRole,
    secondFactorAt: Instant | null = clock.now(),
  ): Promise<string> => {
    const ctx = contextFor(deps, STRANGER)
    people += 1
    const user = await insertUser(ctx, { username: `person-${people}`, role, secondFactorAt })
    const started = await startSession(ctx, { user, methods: ['password', 'totp'], transport })
    return started.token.reveal()
  }
  return { app, deps, clock, log: () => lines.join(''), token }
}
