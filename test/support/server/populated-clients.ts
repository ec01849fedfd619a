// The apps of a filled server: one of each kind, one that gets attributes and groups, and a disabled one that does without protection. And resources.
import assert from 'node:assert/strict'

import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { createApp, type NewApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { createResource, type NewResource } from '#use-cases/administration/resources/resources.service.ts'
import type { Person } from '../people/people.ts'
import type { PopulatedGroups } from './populated-groups.ts'
import type { Server } from './start.ts'

/** The ids of apps. */
export interface PopulatedClients {
  /** A web app with a secret. */
  readonly notes: string
  /** A page in the browser. */
  readonly games: string
  /** A program on a device, with a name that breaks lines. */
  readonly long: string
  /** Gets attributes and some groups, and may stay signed in. */
  readonly curious: string
  /** Disabled; works without PKCE, without encryption and with emails that are not confirmed. */
  readonly old: string
  /** An API, which serves the resource `orders`. */
  readonly api: string
  /** The id of the only secret of `notes`. */
  readonly secretOfNotes: string
}

/** The ids of resources. */
export interface PopulatedResources {
  /** Its tokens are opaque. */
  readonly orders: string
  /** Its tokens are JWTs, and all apps may ask for them. */
  readonly mail: string
  /** The app that serves it is disabled. */
  readonly old: string
}

/** Registers resources of these apps. */
export async function populateResources(
  server: Server,
  { notes, games, api, old }: PopulatedClients,
): Promise<PopulatedResources> {
  const make = async (wanted: NewResource) => (await createResource(server.operator(), wanted)).id
  return {
    orders: await make({
      uri: 'https://api.example.org/orders',
      name: 'Orders',
      servedBy: api,
      scopes: ['orders:read', 'orders:write'],
      allowedClients: [notes, games],
    }),
    mail: await make({
      uri: 'https://a-rather-long-name-of-a-host.mail.example.org/tenants/c0ffee/api/v3',
      name: 'E-Mail-Schnittstelle',
      tokenFormat: 'jwt',
      lifetime: 120,
      allowedClients: 'all',
    }),
    old: await make({ uri: 'https://old.example.org/', name: 'Old wiki', servedBy: old }),
  }
}

/** Registers apps, most of them as the operator does. */
export async function populateClients(
  server: Server,
  groups: PopulatedGroups,
  admin: Person,
): Promise<PopulatedClients> {
  const make = async (wanted: NewApp) => (await createApp(server.operator(), wanted)).client.id
  const notes = await make({
    name: 'Notes',
    redirectUris: ['https://notes.example.org/callback'],
    logoutUris: ['https://notes.example.org/'],
  })
  const games = await make({
    name: 'Board games',
    kind: 'browser',
    redirectUris: ['https://games.example.org/', 'http://localhost:5173/'],
  })
  const long = await make({
    name: 'Donaudampfschifffahrtsgesellschaftskapitänsmützenverleih',
    kind: 'native',
    redirectUris: ['org.example.donaudampfschifffahrtsgesellschaft:/oauth-callback'],
  })
  const made = await admin.asks('POST', '/apps', {
    name: 'חדר בריחה',
    redirect_uris: ['https://a-rather-long-name-of-a-host.escape-room.example.org/users/auth/openid_connect/callback'],
    scopes: ['profile', 'email', 'roles', 'groups', 'offline_access'],
    shared_groups: [groups.named, groups.long],
    claims_in_id_token: true,
  })
  assert.equal(made.status, 200, made.raw.body)
  const curious = String(made.body['id'])
  const old = await make({
    name: 'Old wiki',
    redirectUris: ['http://wiki.local/auth'],
    requirePkce: false,
    allowHttp: true,
    unconfirmedEmail: true,
    idTokenAlg: 'RS256',
  })
  await disableApp(server.operator(), old)
  const api = await make({ name: 'Orders API', kind: 'api' })
  const [secret] = (await readApp(server.operator(), notes)).secrets
  return { notes, games, long, curious, old, api, secretOfNotes: secret?.id ?? '' }
}
