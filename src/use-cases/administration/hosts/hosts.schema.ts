// Protected hosts as the API shows and takes them.
import { REQUIRED_LEVELS, type RequiredLevel } from '#domain/clients/client.ts'
import {
  MOST_METHODS,
  MOST_RULE_NAMES,
  MOST_RULES,
  MOST_SHARED_GROUPS,
  RULE_PATH_MAXIMUM,
} from '#domain/hosts/host-fields.ts'
import { type HostRule, type ProtectedHost, RULE_SCOPES, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { seconds, toRfc3339 } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { optionalFields, type Static, Type } from '#foundation/web/http/type.ts'
import type { HostChanges } from './host-request.ts'

/** The longest body with all rules of a host, in bytes. */
export const LONGEST_HOST = 1024 * 1024

/** Twice what a name may have, so that the rule says what is wrong. */
const NAME_LENGTH = 506

export const HostParameters = Type.Object({ name: Type.String({ maxLength: NAME_LENGTH }) })
export const HostQuery = Type.Object(PAGE_PARAMETERS, { additionalProperties: false })
/** The name after which a page begins. */
export const HostPosition = Type.String({ maxLength: NAME_LENGTH })

// One more of each than the rule allows, so that it and not the schema says what is wrong.
const RULE = {
  path: Type.String({
    maxLength: RULE_PATH_MAXIMUM * 2,
    description: 'A prefix that ends at a `/`: `/admin` concerns `/admin` and `/admin/users`, not `/administration`.',
  }),
  who: choice(RULE_SCOPES, { description: '`everyone` needs no sign-in.' }),
  methods: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: MOST_METHODS + 1,
    description: 'Empty for all; `GET` includes `HEAD`.',
  }),
  names: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: MOST_RULE_NAMES + 1,
    description: 'The names of the roles, or the ids of the groups; empty for the other two.',
  }),
  least_assurance: nullable(
    choice(REQUIRED_LEVELS, { description: 'What an authentication must reach, beside the policies of the user.' }),
  ),
  max_age: nullable(Type.Integer({ description: 'How many seconds ago an authentication may be.' })),
}

const { path: Path, who: Who, ...OPTIONAL } = RULE
export const NewRule = named(
  'NewHostRule',
  Type.Object({ path: Path, who: Who, ...optionalFields(OPTIONAL) }, { additionalProperties: false }),
)

const REST = {
  shared_groups: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: MOST_SHARED_GROUPS + 1,
    description: 'The ids of the groups that the app behind the host learns of, of those that a user is in.',
  }),
  api_tokens: Type.Boolean({
    description: 'Whether API tokens that were made for this host open it. The app behind it sees them.',
  }),
  preflights: Type.Boolean({ description: 'Whether preflights of browsers (CORS) pass, which never bear a cookie.' }),
}

const GIVEN = optionalFields({
  rules: Type.Array(NewRule, {
    maxItems: MOST_RULES + 1,
    description: 'The first that concerns a request decides; one that none concerns is for all who are signed in.',
  }),
  ...REST,
})
const Name = Type.String({
  maxLength: NAME_LENGTH,
  description: 'A DNS name without a port. It is never changed.',
})

const RULES = [
  { path: '/public', who: 'everyone' },
  { path: '/admin', who: 'roles', names: ['admin'], least_assurance: 'phishing-resistant', max_age: 3600 },
]

export const NewHostBody = named(
  'NewHost',
  Type.Object(
    { name: Name, ...GIVEN },
    { additionalProperties: false, examples: [{ name: 'photos.example.org', rules: RULES }] },
  ),
)

/** A merge patch (RFC 7396): a field left out stays, and a list is replaced as a whole. */
export const HostChange = named(
  'HostChange',
  Type.Object(GIVEN, { additionalProperties: false, examples: [{ rules: RULES }] }),
)

export const RuleView = named('HostRule', Type.Object(RULE, { description: 'Who may send which requests to a host.' }))

const Fields = named(
  'Host',
  Type.Object(
    {
      id: Type.String(),
      name: Type.String(),
      rules: Type.Array(RuleView),
      ...REST,
      created_at: Type.String({ format: 'date-time' }),
      created_by: nullable(Type.String({ description: 'The subject of the admin; null for the operator.' })),
    },
    { description: 'A host name behind a reverse proxy that asks this server about each request.' },
  ),
)
export const HostView = sentWith(ETAG, Fields)
export const HostPageView = pageOf('HostPage', Fields)

export function presentHost(host: ProtectedHost): Static<typeof Fields> {
  const { id, name, rules, sharedGroups, apiTokens, preflights, createdAt, createdBy } = host
  return {
    id,
    name,
    rules: rules.map(presentRule),
    shared_groups: [...sharedGroups],
    api_tokens: apiTokens,
    preflights,
    created_at: toRfc3339(createdAt),
    created_by: createdBy,
  }
}

export function presentRule({ path, who, methods, names, leastAssurance, maxAge }: HostRule): Static<typeof RuleView> {
  return {
    path,
    who,
    methods: [...methods],
    names: [...names],
    // No rule has the lowest level, which each session has reached.
    least_assurance: leastAssurance as RequiredLevel | null,
    max_age: maxAge === null ? null : maxAge / seconds(1),
  }
}

/** The entity tag of a host: it changes with each change of the row. */
export function hostTag({ id, revision }: Pick<ProtectedHost, 'id' | 'revision'>): string {
  return etagOf(JSON.stringify([id, revision]))
}

export function hostChangesIn(body: Static<typeof HostChange>): HostChanges {
  const { rules, shared_groups: sharedGroups, api_tokens: apiTokens, preflights } = body
  return { rules: rules?.map(ruleIn), sharedGroups, apiTokens, preflights }
}

function ruleIn({ path, who, methods, names, least_assurance: least, max_age: age }: Static<typeof NewRule>): HostRule {
  const { leastAssurance, maxAge, ...usual } = SIGNED_IN_RULE
  return {
    path,
    who,
    methods: methods ?? usual.methods,
    names: names ?? usual.names,
    leastAssurance: least ?? leastAssurance,
    maxAge: typeof age === 'number' ? seconds(age) : maxAge,
  }
}
