// The fields by which groups are chosen. A short list is shown to choose from, a long one is suggested while a name is typed.
import { GROUP_SEPARATOR, groupKey, groupNamesIn } from '#domain/groups/group.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { checkboxGroup, optionField, selectField } from '#foundation/web/components/choice.ts'
import { type Field, textField } from '#foundation/web/components/field.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { type FormState, typedField, typedText } from '#foundation/web/pages/form.ts'
import type { OfferedGroups } from './offered-groups.service.ts'

/** How many groups are shown to choose from. */
const MOST_SHOWN = 20
/** How many names a page holds to suggest them. */
const MOST_SUGGESTED = 300

interface GroupsField extends Pick<Field, 'id' | 'label' | 'hint'> {
  readonly offered: OfferedGroups
}

/** The groups that a new user joins. */
export function joinedGroupsField(say: Texts, state: FormState, offered: OfferedGroups): Html | undefined {
  if (offered?.length === 0) return undefined
  return groupsField(say, state, { id: 'groups', label: say.groups.ofNewUser.label, offered })
}

/** A choice of several groups; `chosenGroups` reads it, and the state holds their names as the text of the field `id`. */
export function groupsField(say: Texts, state: FormState, { offered, ...field }: GroupsField): Html {
  const { id, hint } = field
  const typed = typedField(say, state, id)
  const { pick, none } = say.groups
  if (offered?.length === 0)
    return html`<p class="field"><strong>${field.label}</strong> <span class="hint">${none.title}</span></p>`
  const shown = listed(offered)
  const chosen = new Set(groupNamesIn(typed.value ?? '').map(groupKey))
  // A name that no group has stays, with its error: a list would drop it, and with it what an app is restricted to.
  if (shown === undefined || chosen.difference(new Set(shown.map((group) => groupKey(group.name)))).size > 0)
    return textField({
      ...field,
      ...typed,
      hint: html`${hint} ${pick.several}`,
      autocomplete: 'off',
      suggested: suggestions(offered),
      separator: GROUP_SEPARATOR,
    })
  const boxes = checkboxGroup({
    ...field,
    error: typed.error,
    filter: pick.filter,
    options: shown.map((group) => ({ value: group.id, label: withoutTurns(group.name), sent: group.name })),
    values: shown
      .filter((group) => chosen.has(groupKey(group.name)) || state.values[optionField({ id }, group.id)] !== undefined)
      .map((group) => group.id),
  })
  // Says that the form has the field where no box is ticked.
  return html`<input type="hidden" name="${id}" value="" />${boxes}`
}

/** A choice of one group, whose name is sent. */
export function groupField(say: Texts, state: FormState, { offered, ...field }: GroupsField): Html {
  const shown = listed(offered)
  const typed = { ...field, ...typedField(say, state, field.id), required: true }
  if (shown === undefined) return textField({ ...typed, autocomplete: 'off', suggested: suggestions(offered) })
  return selectField({
    ...typed,
    options: [
      { value: '', label: say.groups.pick.one },
      ...shown.map((group) => ({ value: group.name, label: withoutTurns(group.name) })),
    ],
  })
}

/** The groups to choose from; undefined where their names are typed. */
function listed(offered: OfferedGroups): OfferedGroups {
  return offered !== undefined && offered.length <= MOST_SHOWN ? offered : undefined
}

function suggestions(offered: OfferedGroups): readonly string[] | undefined {
  return offered?.slice(0, MOST_SUGGESTED).map((group) => group.name)
}

/** The names of the fields that hold a choice of several groups. */
export function namesOfGroupsField(id: string, offered: OfferedGroups): readonly string[] {
  return [id, ...(listed(offered) ?? []).map((group) => optionField({ id }, group.id))]
}

/** The names of the groups that a form has chosen, ticked or typed. */
export function chosenGroups(body: unknown, id: string): readonly string[] {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  const ticked = Object.keys(fields)
    .filter((field) => field.startsWith(optionField({ id }, '')))
    .map((field) => typedText(fields, field))
  return groupNamesIn([typedText(body, id), ...ticked].join(GROUP_SEPARATOR))
}

/** The form with the chosen groups as the text of the field, as a form that is shown again keeps them. */
export function withChosenGroups(body: unknown, id: string): unknown {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  return { ...fields, [id]: chosenGroups(body, id).join(`${GROUP_SEPARATOR} `) }
}
