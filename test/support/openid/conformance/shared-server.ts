// One server for the modules of all files of a process: each module has a browser of its own, and an app that others may have used.
import { after, type TestContext } from 'node:test'

import type { ClientFields } from '#domain/clients/client.ts'
import { firstAdmin, type Person } from '../../people/people.ts'
import { verifyEmail } from '../../people/reset-links.ts'
import { type Server, start } from '../../server/start.ts'
import { registerApp, type TestApp } from '../apps.ts'

/** The suite wants an issuer by https. */
const PUBLIC_URL = 'https://accounts.example'
export const REDIRECT_URI = 'https://app.example/callback'
export const LOGOUT_URI = 'https://app.example/bye'

/** What the row of an app says that is not usual here. Most modules send no PKCE challenge, and their tokens are signed by RS256. */
export type AppFields = Partial<ClientFields>
const USUAL: AppFields = {
  redirectUris: [REDIRECT_URI],
  logoutUris: [LOGOUT_URI],
  idTokenAlg: 'RS256',
  requirePkce: false,
}

interface Shared {
  readonly server: Server
  /** Whose email is confirmed, and whose profile is complete. */
  readonly person: Person
}

let shared: Promise<Shared> | undefined
const closing: (() => unknown)[] = []
const apps = new Map<string, Promise<TestApp>>()

after(async () => {
  for (const close of closing.toReversed()) await close()
})

/** Returns the server, which closes when all tests of the process have ended. */
export function sharedServer(): Promise<Shared> {
  return (shared ??= open())
}

async function open(): Promise<Shared> {
  const ofProcess = { after: (close: () => unknown) => void closing.push(close) } as unknown as TestContext
  const server = await start(ofProcess, { settings: { public_url: PUBLIC_URL } })
  const person = await firstAdmin(server, 'ada')
  await verifyEmail(server, 'ada')
  const profile = { full_name: 'Ada Lovelace', locale: 'en', time_zone: 'Europe/London' }
  await server.doorward.db.updateTable('users').set(profile).where('username', '=', 'ada').execute()
  return { server, person }
}

/** Returns an app with these fields, and its secret. */
export function appOf(server: Server, fields: AppFields): Promise<TestApp> {
  const key = JSON.stringify(fields)
  const known = apps.get(key)
  if (known !== undefined) return known
  const app = registerApp(server, { ...USUAL, name: `App ${apps.size + 1}`, ...fields })
  apps.set(key, app)
  return app
}
