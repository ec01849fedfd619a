// What a request says: who asked, for what, and how it ended.
import type { NamedApproval } from '../../../domain/approvals/approval.service.ts'
import type { Approval } from '../../../domain/approvals/approval.ts'
import { permissionsIn } from '../../../domain/roles/role.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import { name } from '../../../foundation/web/components/person-name.ts'
import { factList } from '../../../foundation/web/components/section.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { roleName } from '../../../foundation/texts/role-name.ts'
import { sentenceFor } from '../../../foundation/texts/texts.ts'
import type { With } from '../../../foundation/context.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { concernOfNew } from '../policies/policy-concerns.service.ts'
import { concernOfParameters, versionOfParameters } from '../policies/policy-request.ts'
import { concernInWords, versionSays } from '../policies/policy-words.pages.ts'
import { permissionsInWords } from '../access/permissions.pages.ts'

type Fact = readonly [label: string, value: Html | string]

/** The facts of a request; values that a user chose are isolated from the words around them. */
export async function approvalFacts(
  ctx: With<'db'>,
  reader: AdminReader,
  { approval, asker, decider }: NamedApproval,
): Promise<Html> {
  const { say } = reader
  const { approvals: words } = say
  const { reason, decidedAt, endReason, state } = approval
  const lapsed = endReason === null ? undefined : (sentenceFor(words.whyLapsed, endReason) ?? words.otherwise)
  const facts: (Fact | false | undefined)[] = [
    [say.approvals[labelOf(approval)], name(approval.targetName)],
    [words.askedBy, asker === null ? say.events.somebody : name(asker)],
    [words.asked, moment(reader, approval.createdAt)],
    reason !== null && [words.reason, name(reason)],
    ...(isOfPolicy(approval.kind) ? await policyFacts(ctx, reader, approval) : valueFacts(reader, approval)),
    state === 'waiting' && [words.readyAt, moment(reader, approval.readyAt)],
    decidedAt !== null && [words.ended, moment(reader, decidedAt)],
    decider !== null && [words.endedBy, name(decider)],
    lapsed !== undefined && [words.why, lapsed],
  ]
  return factList(facts.filter((fact) => fact !== false && fact !== undefined))
}

/** What the change is about. */
function labelOf({ kind }: Approval): 'account' | 'ofRole' | 'ofPolicy' {
  if (isOfPolicy(kind)) return 'ofPolicy'
  return kind === 'create-role' || kind === 'change-role' ? 'ofRole' : 'account'
}

function isOfPolicy(kind: Approval['kind']): boolean {
  return kind === 'create-policy' || kind === 'change-policy'
}

/** Whom the policy concerns, what it will say, and from when on. */
async function policyFacts(ctx: With<'db'>, reader: AdminReader, { parameters }: Approval): Promise<Fact[]> {
  const { say } = reader
  const concern = await concernOfNew(ctx, concernOfParameters(parameters))
  const { one, confirm } = say.policies
  const { terms, inForceFrom } = versionOfParameters(parameters, -Infinity)
  return [
    [one.concerns, name(concernInWords(say, concern))],
    [one.says, versionSays(say, { terms, isEnd: false })],
    [one.from, inForceFrom === null ? confirm.atOnce : moment(reader, inForceFrom)],
  ]
}

/** The values of the change that have words; a lifetime, for example, is nothing to decide about. */
function valueFacts(reader: AdminReader, { kind, parameters }: Pick<Approval, 'kind' | 'parameters'>): Fact[] {
  const { approvals: words, joining } = reader.say
  return Object.entries(parameters).flatMap(([field, value]): Fact[] => {
    const label = sentenceFor(words.fields, field)
    // A new user lacks what was not given; of another one it is removed.
    if (label === undefined || (value === null && kind === 'create-user')) return []
    if (field === 'expires_at' || field === 'ends_at') {
      return [[label, value === null ? joining.expiry.never : moment(reader, Date.parse(String(value)))]]
    }
    if (field === 'delivery')
      return value === null ? [] : [[label, joining.delivery[value === 'mail' ? 'mail' : 'link']]]
    if (typeof value === 'boolean') return [[label, value ? words.yes : words.no]]
    if (field === 'role') return [[label, roleName(reader.say, String(value))]]
    if (field === 'permissions') return [[label, permissionsInWords(reader.say, permissionsIn(String(value)))]]
    return value === null ? [[label, words.removed]] : [[label, name(String(value))]]
  })
}
