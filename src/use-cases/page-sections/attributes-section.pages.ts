// The section of a page with the attributes of one user, and its form.
import { type GivenValues, type ValuedAttribute, valueText } from '#domain/attributes/attribute-value.ts'
import { type Audience, isChangeableBy } from '#domain/attributes/attribute.ts'
import { matchesForm, type Precondition } from '#foundation/kernel/optimistic-locking.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { errorSummary } from '#foundation/web/components/error-summary.ts'
import { factList, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { formTagOf } from '#foundation/web/http/etag.ts'
import { answerOf, type FormState, formSummary, refusedForm, typedText } from '#foundation/web/pages/form.ts'
import {
  ATTRIBUTE_PREFIX,
  attributeFields,
  attributeLinks,
  attributeNames,
  differingAttributes,
  shownValue,
  typedAttributes,
} from './attribute-fields.pages.ts'
import { ownConflictSummary } from './conflict.pages.ts'

/** Identifies the values that a form shows. */
function formTag(shown: readonly ValuedAttribute[]): string {
  return formTagOf(shown.flatMap(({ attribute, value }) => [attribute.key, valueText(value)]))
}

/** How the values that a form holds are written. */
export type ChangeValues = (
  given: GivenValues,
  how: { readonly prefix: string; readonly precondition: Precondition<readonly ValuedAttribute[]> | undefined },
) => Promise<unknown>

/** Changes values as the form says; returns the form to show again if the change is refused. */
export async function changeValuesByForm(
  shown: readonly ValuedAttribute[],
  body: unknown,
  { audience, change }: { readonly audience: Audience; readonly change: ChangeValues },
): Promise<FormState | undefined> {
  const seen = typedText(body, 'seen')
  const precondition = matchesForm(seen || undefined, formTag)
  const given = typedAttributes(shown, body, audience)
  const { refusal } = await answerOf(change(given, { prefix: `/${ATTRIBUTE_PREFIX}`, precondition }))
  if (refusal === undefined) return undefined
  // After a conflict the next submission is compared with what is stored now, and may replace it.
  return refusedForm(body, [...attributeNames(shown), ...(refusal.code === 'resource.stale' ? [] : ['seen'])], refusal)
}

/** The errors of the form, above it; after a concurrent change also the stored values. */
export function valuesSummary(
  say: Texts,
  state: FormState,
  shown: readonly ValuedAttribute[],
  audience: Audience,
): Html | undefined {
  if (state.refusal?.code !== 'resource.stale') return formSummary(say, state, attributeLinks(shown))
  const differing = differingAttributes(say, state, shown)
  if (audience === 'user')
    return ownConflictSummary(
      say,
      differing.map(({ label, field }) => ({ message: label, field })),
    )
  const items = [
    { message: say.user.details.stale },
    ...differing.map(({ label, now, field }) => ({ message: html`${label}: ${now}`, field })),
  ]
  return errorSummary({ heading: say.words.problem, items, focused: true })
}

export interface ValuesForm {
  readonly audience: Audience
  readonly action: string
  readonly formToken: Html
  readonly isSaved: boolean
  readonly api: Html | false
}

/** The section with the form; undefined where there is no attribute to see. */
export function attributesSection(
  say: Texts,
  state: FormState,
  shown: readonly ValuedAttribute[],
  { audience, action, formToken, isSaved, api }: ValuesForm,
): Html | undefined {
  if (shown.length === 0) return undefined
  const words = say.attributes.section
  const fields = attributeFields(say, state, shown, { audience, textsBelow: true })
  const canChange = shown.some(({ attribute }) => isChangeableBy(attribute, audience))
  const form = html`<form class="abreast" method="post" action="${action}">
    ${formToken}
    <input type="hidden" name="seen" value="${state.values['seen'] ?? formTag(shown)}" />
    ${fields} ${secondaryButton(say.words.save)}
  </form>`
  return section({
    id: 'attributes',
    title: words.title,
    lead: audience === 'admin' ? words.adminLead : words.ownLead,
    outcome: isSaved && words.saved,
    body: canChange ? form : fields,
    api,
  })
}

/** The section for a reader of the administration who changes nothing: each label with its value. */
export function attributesFacts(say: Texts, shown: readonly ValuedAttribute[]): Html | undefined {
  if (shown.length === 0) return undefined
  const { title, adminLead } = say.attributes.section
  const facts = shown.map(({ attribute, value }) => [attribute.label, shownValue(say, value)] as const)
  return section({ id: 'attributes', title, lead: adminLead, body: factList(facts) })
}
