// Who may use an app, how many people cannot, and who they are: on the page of the app, and before a change is saved.
import type { AccessFields } from '#domain/clients/access-change.ts'
import { restrictionOf } from '#domain/clients/app-access.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import type { With } from '#foundation/context.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { name as isolated } from '#foundation/web/components/person-name.ts'
import { factList, lineList } from '#foundation/web/components/section.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userFace } from '../access/face.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { type CheckedAccess, firstRefused, type RefusedUser } from './access-check.service.ts'
import { newlyRefusedIn } from './access-check.ts'
import { namesOfGroups } from './app-names.service.ts'

/** Who may use an app, and how they must have signed in. */
export async function accessFacts(ctx: With<'db'>, { say }: AdminReader, access: AccessFields): Promise<Html> {
  const { appAccess: words, appForm, apps } = say
  const { allowedRoles, allowedGroups, leastAssurance, maxAge } = access
  const groups = await namesOfGroups(ctx, allowedGroups)
  const facts: (readonly [label: string, value: Html | string] | false)[] = [
    allowedRoles.length > 0 && [words.roles, isolated(allowedRoles.map((role) => roleName(say, role)).join(', '))],
    groups.length > 0 && [words.groups, isolated(groups.map((group) => group ?? apps.learns.gone).join(', '))],
    leastAssurance !== null && [words.least, appForm.leasts[leastAssurance]],
    maxAge !== null && [words.maxAge, appForm.maxAgeOf(spanInWords(say.language, seconds(maxAge)))],
  ]
  const shown = facts.filter((fact) => fact !== false)
  return html`${restrictionOf(access) === undefined && html`<p>${words.everyone}</p>`}
  ${shown.length > 0 && factList(shown)}`
}

/** Whether an app is for everyone, whatever they have signed in with and whenever that was. */
export function isForEveryone({ leastAssurance, maxAge, ...allowed }: AccessFields | ClientFields): boolean {
  return restrictionOf(allowed) === undefined && leastAssurance === null && maxAge === null
}

/** How many people cannot use it, by reason. */
export function reasonList(
  { say }: AdminReader,
  counts: readonly (readonly [reason: RefusedUser['reason'], count: number])[],
): Html {
  const { appAccess: words } = say
  return lineList(
    counts.map(
      ([reason, count]) => `${words.reasons[reason]}: ${words.count(count, count.toLocaleString(say.language))}`,
    ),
  )
}

/** Who can use the app now and could not any more: numbers by reason, and the first of them with their faces. */
export async function newlyRefusedList(
  ctx: With<'db' | 'principal'>,
  reader: AdminReader,
  checked: CheckedAccess,
): Promise<Html> {
  const { say } = reader
  const first = await firstRefused(ctx, checked)
  const more = newlyRefusedIn(checked) - (first?.length ?? 0)
  const { check } = say.appAccess
  const counts = checked.counts.flatMap(({ reason, newly }) => (newly > 0 ? [[reason, newly] as const] : []))
  // Where all have one reason, the table says it.
  return html`${(first === null || counts.length > 1) && reasonList(reader, counts)}
  ${first === null ? html`<p class="small">${say.rollout.plan.noNames}</p>` : personTable(reader, first)}
  ${first !== null && more > 0 && html`<p>${check.more(more, more.toLocaleString(say.language))}</p>`}`
}

function personTable({ say }: AdminReader, refused: readonly RefusedUser[]): Html {
  const { check, reasons } = say.appAccess
  return dataTable({
    caption: check.table,
    kind: 'compact',
    columns: [{ label: check.person }, { label: check.why }],
    rows: refused.map(({ user, reason }) => ({
      cells: [userFace(user), reasons[reason]],
    })),
    empty: html``,
  })
}
