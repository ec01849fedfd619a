// The fields of a rule: which requests it concerns, whom it lets pass, and what it requires. A new host is asked the same of its only rule.
import type { FastifyRequest } from 'fastify'

import { REQUIRED_LEVELS } from '#domain/clients/client.ts'
import { MOST_RULE_NAMES } from '#domain/hosts/host-fields.ts'
import { type HostRule, RULE_SCOPES, type RuleScope, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { listStoredRoles } from '#domain/roles/role.service.ts'
import type { With } from '#foundation/context.ts'
import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { APP_AGES } from '#foundation/kernel/stated-limits.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { checkboxGroup, optionField, radioGroup, selectField } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import { type FormPart, unseen } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { errorOf, type FormState, type SummaryField, typedField, typedText } from '#foundation/web/pages/form.ts'
import { groupsOfNames } from '../clients/app-names.service.ts'
import { chosenGroups, groupsField, namesOfGroupsField } from '../groups/groups-field.pages.ts'
import { type OfferedGroups, offeredGroups } from '../groups/offered-groups.service.ts'
import { type GroupNames, withGroupNames } from './host-request.ts'

const ROLES = { id: 'roles' } as const
const AGES = [minutes(5), minutes(15), hours(1), hours(8), days(1)].map((age) => age / seconds(1))

/** What the fields offer to choose from. */
export interface RuleOffer {
  readonly roles: readonly string[]
  readonly groups: OfferedGroups
}

export async function ruleOffer(ctx: With<'db' | 'principal'>): Promise<RuleOffer> {
  const stored = await listStoredRoles(ctx)
  return { roles: [...BUILT_IN_ROLES, ...stored.map(({ name }) => name)], groups: await offeredGroups(ctx) }
}

/** The names of the fields, whose values are kept when the form is shown again. */
export function ruleFieldNames({ roles, groups }: RuleOffer): readonly string[] {
  const boxes = roles.map((role) => optionField(ROLES, role))
  return ['path', 'methods', 'who', 'least', 'age', ...boxes, ...namesOfGroupsField('groups', groups)]
}

/** Returns what the fields say before anything is typed. */
export function valuesOfRule(rule: HostRule, groups: GroupNames): Record<string, string> {
  const { path, methods, who, names, leastAssurance, maxAge } = withGroupNames(rule, groups)
  return {
    path,
    methods: methods.join(' '),
    who,
    ...(who === 'roles' && Object.fromEntries(names.map((role) => [optionField(ROLES, role), 'yes']))),
    ...(who === 'groups' && { groups: names.join('; ') }),
    least: leastAssurance ?? '',
    age: maxAge === null ? '' : String(maxAge / seconds(1)),
  }
}

/** Returns the rule that a submitted form describes. What a form does not ask is as in `SIGNED_IN_RULE`. */
export async function readRule(
  { ctx, body }: Pick<FastifyRequest, 'ctx' | 'body'>,
  { roles }: RuleOffer,
): Promise<{ readonly rule: HostRule; readonly fieldErrors: readonly FieldError[] }> {
  const who = RULE_SCOPES.find((scope) => scope === typedText(body, 'who')) ?? 'signed-in'
  const age = typedText(body, 'age')
  const groups = who === 'groups' ? await groupsOfNames(ctx, chosenGroups(body, 'groups'), MOST_RULE_NAMES) : []
  const named: Partial<Record<RuleScope, readonly string[]>> = {
    roles: roles.filter((role) => typedText(body, optionField(ROLES, role)) === 'yes'),
    groups: groups.flatMap((group) => group?.id ?? []),
  }
  const rule = {
    path: typedText(body, 'path').trim() || SIGNED_IN_RULE.path,
    methods: typedText(body, 'methods')
      .split(/[\s,]+/)
      .filter(Boolean),
    who,
    names: named[who] ?? [],
    // An open path cannot ask for anything, so what was chosen for it before is left out.
    leastAssurance:
      who === 'everyone' ? null : (REQUIRED_LEVELS.find((level) => level === typedText(body, 'least')) ?? null),
    maxAge: who === 'everyone' || !/^\d{1,9}$/.test(age) ? null : seconds(Number(age)),
  }
  return { rule, fieldErrors: groups.includes(undefined) ? [{ pointer: '/groups', code: 'group.unknown' }] : [] }
}

/** The field of the form for a field of the rule in the API. */
export function rulePointer(who: RuleScope): (pointer: string) => string {
  return (pointer) => {
    const [, field = ''] = /^\/rules\/\d+(\/.+)$/.exec(pointer) ?? []
    if (field === '/names') return who === 'roles' ? '/roles' : '/groups'
    return { '/least_assurance': '/least', '/max_age': '/age' }[field] ?? (field || pointer)
  }
}

/** The parts of the form: which requests the rule concerns, whom it lets pass, and what it requires of their sign-in. */
export function ruleParts(say: Texts, state: FormState, offer: RuleOffer): readonly FormPart[] {
  const { ruleForm: words } = say.hosts
  const scopes = [...RULE_SCOPES.slice(1), 'everyone'] as const
  return [
    { id: 'requests', title: words.parts.requests, fields: requestFields(say, state) },
    { id: 'pass', title: words.who, fields: whoField(say, state, { offer, scopes, isTitled: true }) },
    { id: 'sign-in', title: words.parts.signIn, fields: requirementFields(say, state) },
  ]
}

function requestFields(say: Texts, state: FormState): Html {
  const { ruleForm: words } = say.hosts
  return html`${textField({
    ...typedField(say, state, 'path'),
    label: words.path,
    hint: words.pathHint,
    autocomplete: 'off',
    required: true,
    autofocus: state.refusal === undefined,
  })}
  ${textField({
    ...typedField(say, state, 'methods'),
    label: words.methods,
    hint: words.methodsHint,
    autocomplete: 'off',
  })}`
}

interface ShownScopes {
  readonly offer: RuleOffer
  readonly scopes: readonly RuleScope[]
  readonly isTitled?: boolean
}

/** Whom the rule lets pass; `isTitled` where a title says the label already. */
export function whoField(
  say: Texts,
  state: FormState,
  { offer: { roles, groups }, scopes, isTitled = false }: ShownScopes,
): Html {
  const { ruleForm: words } = say.hosts
  const below: Partial<Record<RuleScope, Html>> = {
    roles: checkboxGroup({
      ...ROLES,
      label: words.roles,
      error: errorOf(say, state, 'roles'),
      options: roles.map((value) => ({ value, label: roleName(say, value) })),
      values: roles.filter((role) => state.values[optionField(ROLES, role)] === 'yes'),
    }),
    groups: groupsField(say, state, { id: 'groups', label: words.groups, offered: groups }),
  }
  return radioGroup({
    ...typedField(say, state, 'who', SIGNED_IN_RULE.who),
    label: isTitled ? unseen(words.who) : words.who,
    options: scopes.map((value) => ({
      value,
      ...words.choices[value],
      ...(below[value] !== undefined && { below: below[value] }),
    })),
  })
}

function requirementFields(say: Texts, state: FormState): Html {
  const { ruleForm: words } = say.hosts
  const chosen = Number(state.values['age'])
  const isPossible = seconds(chosen) >= APP_AGES.shortest && seconds(chosen) <= APP_AGES.longest
  const ages = isPossible && !AGES.includes(chosen) ? [...AGES, chosen] : AGES
  return html`${selectField({
    ...typedField(say, state, 'least'),
    label: words.least,
    options: (['', ...REQUIRED_LEVELS] as const).map((value) => ({ value, label: words.leastChoices[value] })),
  })}
  ${selectField({
    ...typedField(say, state, 'age'),
    label: words.age,
    options: [
      { value: '', label: words.ageAny },
      ...ages.map((age) => ({ value: String(age), label: words.ageWithin(spanInWords(say.language, seconds(age))) })),
    ],
  })}`
}

export function linksOfRule({ hosts: { ruleForm: words } }: Texts): Record<string, SummaryField> {
  return {
    path: { id: 'path', label: words.path },
    methods: { id: 'methods', label: words.methods },
    who: { id: 'who', label: words.who },
    roles: { id: 'roles', label: words.roles },
    groups: { id: 'groups', label: words.groups },
    least: { id: 'least', label: words.least },
    age: { id: 'age', label: words.age },
  }
}
