// What a request says: who asked, for what, and how it ended.
import type { ApprovalKind, ApprovalValues, FieldOf, ValueOf } from '#domain/approvals/approval-change.ts'
import type { NamedApproval } from '#domain/approvals/approval.service.ts'
import type { Approval } from '#domain/approvals/approval.ts'
import { GROUP_SEPARATOR } from '#domain/groups/group.ts'
import type { With } from '#foundation/context.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { sentenceFor } from '#foundation/texts/texts.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { factList } from '#foundation/web/components/section.ts'
import { BLANK, dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { permissionsInWords } from '../access/permissions.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { ruleInWords } from '../hosts/rule-words.pages.ts'
import { withScopeName } from '../policies/named-policy.service.ts'
import { versionFacts } from '../policies/policy-words.pages.ts'
import { termChanges } from '../policies/term-changes.pages.ts'
import { type CurrentValues, readCurrentTerms, readCurrentValues } from './current-values.service.ts'

type Fact = readonly [label: string, value: Html | string]

/** The facts of a request that has ended; values that a user chose are isolated from the words around them. */
export async function approvalFacts(
  ctx: With<'db'>,
  reader: AdminReader,
  { approval, asker, decider }: NamedApproval,
): Promise<Html> {
  const { say } = reader
  const { approvals: words } = say
  const { reason, decidedAt, endReason } = approval
  const lapsed = endReason === null ? undefined : (sentenceFor(words.whyLapsed, endReason) ?? words.otherwise)
  const facts: (Fact | false | undefined)[] = [
    approval.kind !== 'change-agents' && [say.approvals[labelOf(approval)], name(approval.targetName)],
    [words.askedBy, asker === null ? say.events.unnamed : name(asker.username)],
    [words.asked, deadline(reader, approval.createdAt)],
    reason !== null && [words.reason, name(reason)],
    ...('scope' in approval.values ? await policyFacts(ctx, reader, approval.values) : valueFacts(reader, approval)),
    decidedAt !== null && [words.ended, deadline(reader, decidedAt)],
    decider !== null && [words.endedBy, name(decider)],
    lapsed !== undefined && [words.why, lapsed],
  ]
  return factList(facts.filter((fact) => fact !== false && fact !== undefined))
}

type Change = readonly [label: string, now: Html | string, after: Html | string]

/** What a waiting request changes: each value as it is now and as it will be, and below them what it says besides. */
export async function changeTable(
  ctx: With<'db' | 'now' | 'config'>,
  reader: AdminReader,
  approval: Approval,
): Promise<Html> {
  const { approvals: words } = reader.say
  const { changes, others, note } =
    'scope' in approval.values
      ? await policyChanges(ctx, reader, approval, approval.values)
      : await valueChanges(ctx, reader, approval)
  return html`${dataTable({
    caption: words.changesTable,
    columns: [words.what, words.now, words.after].map((label) => ({ label })),
    rows: changes.map((cells) => ({ cells })),
    kind: 'changes',
    empty: html``,
  })}
  ${note} ${others.length > 0 && factList(others)}`
}

interface Changes {
  readonly changes: readonly Change[]
  readonly others: readonly Fact[]
  readonly note?: Html
}

async function valueChanges(ctx: With<'db'>, reader: AdminReader, approval: Approval): Promise<Changes> {
  const { say } = reader
  const current = await readCurrentValues(ctx, approval)
  const isNew = approval.kind.startsWith('create-')
  const now = new Map(
    Object.entries(current).flatMap(([field, value]) => {
      const label = sentenceFor(say.approvals.fields, snakeCase(field))
      const shown = value === undefined ? null : valueInWords(reader, field, value)
      return label === undefined ? [] : [[label, shown ?? WITHOUT[field]?.(say) ?? BLANK] as const]
    }),
  )
  const facts = valueFacts(reader, approval)
  // Of what is new there is nothing to compare.
  const changed = facts.filter(([label]) => !isNew && now.has(label))
  return {
    changes: [
      ...effectOf(reader, approval, current),
      ...changed.map(([label, after]) => [label, now.get(label) ?? BLANK, after] as const),
    ],
    others: facts.filter((fact) => !changed.includes(fact)),
  }
}

/** What follows from the kind of the request itself. */
function effectOf({ say, ...reader }: AdminReader, { kind }: Approval, { endsAt }: CurrentValues): Change[] {
  const { effects, fields } = say.approvals
  if (kind === 'unexempt' && typeof endsAt === 'number')
    return [[fields['ends_at'] ?? '', deadline({ say, ...reader }, endsAt), say.policies.confirm.atOnce]]
  const effect = sentenceFor(effects, kind)
  return effect === undefined ? [] : [effect]
}

async function policyChanges(
  ctx: With<'db' | 'now' | 'config'>,
  reader: AdminReader,
  approval: Approval,
  values: ApprovalValues['create-policy'],
): Promise<Changes> {
  const { say } = reader
  const current = await readCurrentTerms(ctx, approval)
  const { rows, note } = await termChanges(ctx, say, { current, scoped: values, terms: values })
  const facts = await policyFacts(ctx, reader, values)
  return { changes: rows, others: facts.filter(([label]) => label !== say.policies.one.says), note }
}

/** What the change is about. */
function labelOf({ kind, values }: Approval): 'account' | 'ofRole' | 'ofPolicy' | 'ofApp' | 'ofResource' | 'ofHost' {
  if ('scope' in values) return 'ofPolicy'
  if ('clientId' in values) return 'ofApp'
  if ('resourceId' in values) return 'ofResource'
  if ('hostId' in values) return 'ofHost'
  return kind === 'create-role' || kind === 'change-role' ? 'ofRole' : 'account'
}

/** The scope of the policy, what it will say, and from when on. */
async function policyFacts(
  ctx: With<'db'>,
  reader: AdminReader,
  { scope, scopeRef, inForceFrom, ...terms }: ApprovalValues['create-policy'],
): Promise<readonly Fact[]> {
  const { say } = reader
  const scoped = await withScopeName(ctx, { scope, scopeRef })
  return versionFacts(say, scoped, { terms, inForceFrom }, (at) => deadline(reader, at))
}

type Field = FieldOf<Exclude<ApprovalKind, 'create-policy' | 'change-policy'>>
/** Null for what another field of the change says. */
type InWords<Value> = (reader: AdminReader, value: Value) => Html | string | null

const text: InWords<string> = (_reader, value) => name(value)
const yesOrNo: InWords<boolean> = ({ say }, value) => (value ? say.approvals.yes : say.approvals.no)

/** How each value is shown; null for what is nothing to decide about, such as a lifetime. */
const IN_WORDS: { readonly [Name in Field]: InWords<NonNullable<ValueOf<Name>>> | null } = {
  username: text,
  email: text,
  fullName: text,
  role: ({ say }, role) => roleName(say, role),
  invite: yesOrNo,
  lifetime: null,
  locale: text,
  timeZone: text,
  delivery: ({ say }, delivery) => say.joining.delivery[delivery],
  expiresAt: deadline,
  attributes: null,
  groups: (_reader, names) => name(names.join(GROUP_SEPARATOR)),
  resetPassword: yesOrNo,
  mustChange: yesOrNo,
  keepSessions: yesOrNo,
  description: text,
  permissions: ({ say }, permissions) => permissionsInWords(say, permissions),
  policy: text,
  policyId: null,
  group: text,
  groupId: null,
  endsAt: deadline,
  clientId: text,
  secretId: null,
  name: text,
  appKind: ({ say }, kind) => say.apps.kinds[kind],
  redirectUris: (_reader, uris) => lines(uris),
  logoutUris: (_reader, uris) => lines(uris),
  authMethod: ({ say }, method) => say.apps.authMethods[method],
  idTokenAlg: text,
  scopes: ({ say }, scopes) => scopes.map((scope) => say.apps.scopes[scope]).join(', '),
  refreshTokens: yesOrNo,
  requirePkce: yesOrNo,
  allowHttp: yesOrNo,
  claimsInIdToken: yesOrNo,
  unconfirmedEmail: yesOrNo,
  sharedGroups: ({ say }, shared) => (shared === 'all' ? say.apps.learns.allGroups : null),
  sharedGroupNames: (_reader, names) => name(names.join(GROUP_SEPARATOR)),
  deviceSignIn: yesOrNo,
  backchannelUri: text,
  backchannelSessionRequired: yesOrNo,
  trusted: yesOrNo,
  allowedRoles: ({ say }, roles) => roles.map((role) => roleName(say, role)).join(', '),
  allowedGroups: null,
  allowedGroupNames: (_reader, names) => name(names.join(GROUP_SEPARATOR)),
  leastAssurance: ({ say }, level) => say.apps.levels[level],
  maxAge: ({ say }, age) => spanInWords(say.language, seconds(age)),
  startUrl: text,
  hidden: yesOrNo,
  preset: text,
  claims: (_reader, claims) => lines(claims.map(({ claim, key }) => `${claim} = ${key}`)),
  resourceId: null,
  uri: text,
  // Where there is one, its name is shown.
  servedBy: () => null,
  servedByName: text,
  tokenFormat: ({ say }, format) => say.resources.formats[format],
  tokenLifetime: ({ say }, lifetime) => spanInWords(say.language, seconds(lifetime)),
  resourceScopes: (_reader, scopes) => lines(scopes),
  allowedClients: ({ say }, allowed) => (allowed === 'all' ? say.resources.allApps : null),
  allowedClientNames: (_reader, names) => lines(names),
  agents: yesOrNo,
  allowedDocuments: (_reader, entries) => lines(entries),
  hostId: null,
  // With the names of groups instead of their ids.
  rules: null,
  namedRules: ({ say }, rules) => lines(rules.map((rule) => ruleInWords(say, rule))),
  apiTokens: yesOrNo,
  preflights: yesOrNo,
}

function lines(texts: readonly string[]): Html {
  return html`${texts.map((one, index) => html`${index > 0 && html`<br />`}${name(one)}`)}`
}

/** What holds where one of these is removed. */
const WITHOUT: Readonly<Record<string, (say: AdminReader['say']) => string>> = {
  expiresAt: ({ joining }) => joining.expiry.never,
  tokenLifetime: ({ resources }) => resources.usual,
}

/** A value as people read it; null for nothing, and for what another field says. */
function valueInWords(reader: AdminReader, field: string, value: unknown): Html | string | null {
  const inWords = sentenceFor(IN_WORDS, field) as InWords<unknown> | null | undefined
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0)
  return !inWords || isEmpty ? null : inWords(reader, value)
}

/** The values of the change that have words. */
function valueFacts(reader: AdminReader, { kind, values }: Approval): Fact[] {
  const { approvals: words } = reader.say
  return Object.entries(values).flatMap(([field, value]: [string, unknown]): Fact[] => {
    const label = sentenceFor(words.fields, snakeCase(field))
    const inWords = sentenceFor(IN_WORDS, field) as InWords<unknown> | null | undefined
    if (label === undefined || !inWords || value === undefined) return []
    const hasLists = 'clientId' in values || 'resourceId' in values || 'hostId' in values
    const isEmpty = value === null || (hasLists && Array.isArray(value) && value.length === 0)
    const shown = isEmpty ? null : inWords(reader, value)
    if (!isEmpty) return shown === null ? [] : [[label, shown]]
    // What is new lacks what was not given; of another one it is removed.
    if (kind.startsWith('create-')) return []
    return [[label, WITHOUT[field]?.(reader.say) ?? words.removed]]
  })
}
