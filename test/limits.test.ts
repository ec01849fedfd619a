// docs/limits.md gives the numbers that the program has.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { readPage, ROOT } from './support/documentation/markdown.ts'

/** The row of the page, and the constant in the source whose value it gives. */
const LIMITS: readonly (readonly [row: string, file: string, constant: string])[] = [
  ['Passkeys of a user', 'src/domain/factors/passkeys/passkey.ts', 'PASSKEYS_MAXIMUM'],
  ['Authenticator apps of a user', 'src/domain/factors/totp/totp.service.ts', 'APPS_MAXIMUM'],
  ['Valid API tokens of a user', 'src/domain/api-tokens/api-token.ts', 'TOKENS_MAXIMUM'],
  ['Open passkey challenges', 'src/domain/factors/passkeys/challenge.service.ts', 'OPEN_MAXIMUM'],
  ['Characters of a username', 'src/foundation/kernel/stated-limits.ts', 'USERNAME_MAXIMUM'],
  ['Characters of a username', 'src/domain/users/user.ts', 'EMAIL_MAXIMUM'],
  ['Characters of a username', 'src/domain/users/user.ts', 'FULL_NAME_MAXIMUM'],
  ['Attributes of the profile', 'src/foundation/kernel/stated-limits.ts', 'MOST_ATTRIBUTES'],
  ['Attributes of the profile', 'src/domain/attributes/attribute.ts', 'MOST_CHOICES'],
  ['Characters of an attribute’s text', 'src/domain/attributes/attribute-value.ts', 'TEXT_MAXIMUM'],
  ['Recorded refusals of passkeys', 'src/foundation/platform/limits.ts', 'MOST_IN_A_WINDOW'],
  ['Sign-ins to apps that begin', 'src/foundation/platform/limits.ts', 'MOST_INTERACTIONS'],
  ['Questions about the strength', 'src/foundation/platform/limits.ts', 'MOST_STRENGTH_REQUESTS'],
  ['Users in one bulk action', 'src/use-cases/administration/users-page/bulk.service.ts', 'MOST_AT_ONCE'],
  ['Users asked to confirm their email', 'src/foundation/kernel/stated-limits.ts', 'MOST_ASKED_AT_ONCE'],
  ['A file for `app apply`', 'src/entry/cli/commands/app/app-file.ts', 'LARGEST_MIB'],
  ['Valid secrets of an app', 'src/domain/clients/client.ts', 'MOST_SECRETS'],
  ['Redirect URIs of an app', 'src/domain/clients/redirect-uri.ts', 'MOST_REDIRECT_URIS'],
  ['Redirect URIs of an app', 'src/domain/clients/redirect-uri.ts', 'REDIRECT_URI_MAXIMUM'],
  ['Groups that an app sees', 'src/domain/clients/client-fields.ts', 'MOST_SHARED_GROUPS'],
  ['Groups that an app sees', 'src/domain/clients/client-fields.ts', 'MOST_CLIENT_ATTRIBUTES'],
  ['Scopes of a resource', 'src/domain/clients/resource-fields.ts', 'MOST_RESOURCE_SCOPES'],
  ['Scopes of a resource', 'src/domain/clients/resource-fields.ts', 'RESOURCE_SCOPE_MAXIMUM'],
  ['Scopes of a resource', 'src/domain/clients/resource-fields.ts', 'MOST_RESOURCE_CLIENTS'],
  ['Names of groups in an ID token', 'src/use-cases/openid/claims.ts', 'MOST_GROUPS_IN_TOKEN'],
]

test('the page about limits gives the numbers of the source', () => {
  const rows = readPage('docs/limits.md').text.split('\n')
  for (const [about, file, constant] of LIMITS) {
    const [, value] = new RegExp(`const ${constant} = (\\d+)`).exec(readFileSync(join(ROOT, file), 'utf8')) ?? []
    assert.ok(value, `${file} has no ${constant}`)
    const row = rows.find((line) => line.startsWith(`| ${about}`))
    const [, , given = ''] = row?.split(' | ').map((cell) => cell.trim()) ?? []
    const [, most = ''] = row?.split(' | ') ?? []
    assert.match(most, new RegExp(`(?<!\\d)${value}(?!\\d)`), `${about}: ${given}`)
  }
})
