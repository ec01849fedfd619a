// Any apps, resources and hosts that an admin may make, for properties of files that hold them.
import fc from 'fast-check'

import { insertDeclared } from '#domain/attributes/attribute.service.ts'
import { AUTH_METHODS, CLIENT_KINDS, CLIENT_SCOPES, ID_TOKEN_ALGORITHMS, isPublic } from '#domain/clients/client.ts'
import { TOKEN_FORMATS } from '#domain/clients/resource.ts'
import { storeGroup } from '#domain/groups/group.service.ts'
import type { HostRule } from '#domain/hosts/host.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import { addAppSecret } from '#use-cases/administration/clients/app-secrets.service.ts'
import { deleteApp, disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { createApp, type NewApp } from '#use-cases/administration/clients/clients.service.ts'
import { createHost, removeHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { createResource, removeResource } from '#use-cases/administration/resources/resources.service.ts'

/** What an admin may say about an app. */
export const wanted = fc.record({
  kind: fc.constantFrom(...CLIENT_KINDS),
  authMethod: fc.constantFrom(...AUTH_METHODS),
  idTokenAlg: fc.constantFrom(...ID_TOKEN_ALGORITHMS),
  redirectUris: fc.subarray(['https://a.example/', 'http://127.0.0.1/cb', 'a.b:/c', "http://nas.local/'"], {
    minLength: 1,
  }),
  logoutUris: fc.subarray(['https://a.example/bye', 'https://b.example/?x=%20']),
  scopes: fc.subarray([...CLIENT_SCOPES]),
  refreshTokens: fc.boolean(),
  requirePkce: fc.boolean(),
  claimsInIdToken: fc.boolean(),
  unconfirmedEmail: fc.boolean(),
  trusted: fc.boolean(),
  hidden: fc.boolean(),
  deviceSignIn: fc.boolean(),
  backchannelUri: fc.option(fc.constant('https://a.example/logout')),
  backchannelSessionRequired: fc.boolean(),
  sharedGroups: fc.oneof(fc.constant('all' as const), fc.subarray([0, 1])),
  allowedGroups: fc.subarray([0, 1]),
  allowedRoles: fc.subarray(['admin', 'user']),
  leastAssurance: fc.constantFrom(null, 'two-factors', 'phishing-resistant'),
  maxAge: fc.option(fc.integer({ min: 60, max: 86_400 })),
  startUrl: fc.option(fc.constant('https://a.example/start')),
  preset: fc.option(fc.constant('miniflux')),
  attributes: fc.subarray([
    { key: 'desk', claim: 'desk' },
    { key: 'cost_center', claim: 'department' },
  ]),
  isDisabled: fc.boolean(),
  hasTwoSecrets: fc.boolean(),
})
type Wanted = typeof wanted extends fc.Arbitrary<infer Value> ? Value : never

/** Names with what TOML, Unicode and lists could confuse. */
export const NAMES = ['Wiki', 'Ünï "Code"', String.raw`a \ b`, "it's, = # [x]", '✓ 漢字', 'ﬁn']

/** Declares what the apps name; returns the ids of the groups. */
export function declareNamed(ctx: Context): Promise<string[]> {
  return inTransaction(ctx, async (tx) => {
    for (const key of ['desk', 'cost_center']) {
      const audiences = { visibleTo: 'user', changedBy: 'admin', atJoining: 'never' } as const
      await insertDeclared(tx, { key, label: key, type: 'text', choices: [], ...audiences })
    }
    const first = await storeGroup(tx, { name: 'Staff' })
    return [first.id, (await storeGroup(tx, { name: '"Sales", \\ # ✓' })).id]
  })
}

/** People neither open an API nor sign in to it. */
const OF_API = {
  redirectUris: [],
  logoutUris: [],
  startUrl: null,
  backchannelUri: null,
  allowedRoles: [],
  leastAssurance: null,
  maxAge: null,
}

/** Registers the app, as far as the rules allow what was wanted. */
export async function makeApp(ctx: Context, name: string, groups: readonly string[], app: Wanted): Promise<void> {
  const { isDisabled, hasTwoSecrets, sharedGroups, allowedGroups, ...fields } = app
  const idsOf = (which: readonly number[]) => which.flatMap((at) => groups[at] ?? [])
  const isApi = fields.kind === 'api'
  const suited = isApi && fields.authMethod === 'none' ? 'client_secret_basic' : fields.authMethod
  const authMethod = fields.kind === 'browser' ? 'none' : suited
  const requested: NewApp = {
    ...fields,
    ...(isApi && OF_API),
    name,
    authMethod,
    allowHttp: true,
    requirePkce: fields.requirePkce || authMethod === 'none',
    refreshTokens: fields.refreshTokens || fields.scopes.includes('offline_access'),
    sharedGroups: sharedGroups === 'all' ? sharedGroups : idsOf(sharedGroups),
    allowedGroups: isApi ? [] : idsOf(allowedGroups),
  }
  const { client } = await createApp(ctx, requested)
  if (hasTwoSecrets && authMethod !== 'none') await addAppSecret(ctx, client.id)
  if (isDisabled) await disableApp(ctx, client.id)
}

/** What an admin may say about a resource; numbers are positions of apps. */
export const wantedResource = fc.record({
  tokenFormat: fc.constantFrom(...TOKEN_FORMATS),
  lifetime: fc.option(fc.integer({ min: 60, max: 300 })),
  scopes: fc.subarray(['read', 'orders:write', "it's"]),
  allowed: fc.oneof(fc.constant('all' as const), fc.subarray([0, 1, 2])),
})
type WantedResource = typeof wantedResource extends fc.Arbitrary<infer Value> ? Value : never

/** Registers resources, those that are opaque served by the first app with a secret. */
export async function makeResources(ctx: Context, resources: readonly WantedResource[]): Promise<number> {
  const apps = await ctx.db.selectFrom('client').select(['id', 'auth_method as authMethod']).orderBy('name').execute()
  const servedBy = apps.find((app) => !isPublic(app))?.id ?? null
  const possible = resources.filter(({ tokenFormat }) => servedBy !== null || tokenFormat === 'jwt')
  for (const [at, { allowed, ...fields }] of possible.entries()) {
    const allowedClients = allowed === 'all' ? allowed : allowed.flatMap((which) => apps[which]?.id ?? [])
    await createResource(ctx, { ...fields, uri: `https://${at}.example/`, name: NAMES[at]!, servedBy, allowedClients })
  }
  return possible.length
}

/** What a rule of a host may say; numbers are positions of groups. */
const wantedRule = fc.record({
  path: fc.constantFrom('/', '/admin', "/a'b/!$&(c)", '/x=y,z'),
  methods: fc.subarray(['GET', 'POST', 'VERSION-CONTROL']),
  who: fc.oneof(
    fc.constantFrom('everyone' as const, 'signed-in' as const),
    fc.subarray<string | number>(['admin', 'user'], { minLength: 1 }),
    fc.subarray<string | number>([0, 1], { minLength: 1 }),
  ),
  leastAssurance: fc.constantFrom(null, 'two-factors' as const, 'phishing-resistant' as const),
  maxAge: fc.option(fc.constantFrom(60_000, 86_400_000)),
})

/** What an admin may say about a host. */
export const wantedHost = fc.record({
  rules: fc.array(wantedRule, { maxLength: 4 }),
  shared: fc.subarray([0, 1]),
  apiTokens: fc.boolean(),
  preflights: fc.boolean(),
})
type WantedHost = typeof wantedHost extends fc.Arbitrary<infer Value> ? Value : never

function ruleOf({ who, ...rest }: WantedHost['rules'][number], groups: readonly string[]): HostRule {
  if (who === 'everyone') return { ...rest, who, names: [], leastAssurance: null, maxAge: null }
  if (who === 'signed-in') return { ...rest, who, names: [] }
  const named = who.map((ref) => (typeof ref === 'number' ? groups[ref] : ref) ?? '')
  return { ...rest, who: typeof who[0] === 'number' ? 'groups' : 'roles', names: named }
}

export async function makeHosts(ctx: Context, hosts: readonly WantedHost[], groups: readonly string[]): Promise<void> {
  for (const [at, { rules, shared, ...fields }] of hosts.entries())
    await createHost(ctx, {
      ...fields,
      name: `h${at}.example.org`,
      rules: rules.map((rule) => ruleOf(rule, groups)),
      sharedGroups: shared.flatMap((which) => groups[which] ?? []),
    })
}

export async function deleteAll(ctx: Context): Promise<void> {
  for (const { name } of await ctx.db.selectFrom('protected_host').select('name').execute()) await removeHost(ctx, name)
  for (const { id } of await ctx.db.selectFrom('resource').select('id').execute()) await removeResource(ctx, id)
  for (const { id } of await ctx.db.selectFrom('client').select('id').execute()) await deleteApp(ctx, id)
}
