// The apps of a filled server: one of each kind, one that gets attributes and groups, and a disabled one that does without protection.
import assert from 'node:assert/strict'

import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { createApp, type NewApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
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
  /** A program that devices sign in to by a code; its users agree to it first. */
  readonly player: string
  /** Disabled; works without PKCE, without encryption and with emails that are not confirmed. */
  readonly old: string
  /** The id of the only secret of `notes`. */
  readonly secretOfNotes: string
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
  const player = await make({
    name: 'Media player',
    kind: 'native',
    redirectUris: [],
    deviceSignIn: true,
    trusted: false,
    scopes: ['openid', 'profile', 'email', 'roles', 'offline_access'],
  })
  const old = await make({
    name: 'Old wiki',
    redirectUris: ['http://wiki.local/auth'],
    requirePkce: false,
    allowHttp: true,
    unconfirmedEmail: true,
    idTokenAlg: 'RS256',
  })
  await disableApp(server.operator(), old)
  const [secret] = (await readApp(server.operator(), notes)).secrets
  return { notes, games, long, curious, player, old, secretOfNotes: secret?.id ?? '' }
}
