// The section of the account page with the user's own attributes.
import type { ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { isChangeableBy } from '#domain/attributes/attribute.ts'
import type { Context, WithSession } from '#foundation/context.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import type { Html } from '#foundation/web/html.ts'
import type { FormState } from '#foundation/web/pages/form.ts'
import { attributesSection, changeValuesByForm } from '#use-cases/page-sections/attributes-section.pages.ts'
import { changeOwnAttributes, ownAttributes } from './own-attributes.service.ts'

type Ctx = WithSession<keyof Context>

export const OWN_ATTRIBUTES_PATH = '/account/attributes'

/** Changes the values as the form says; returns the form to show again if the change is refused. */
export async function changeOwnByForm(ctx: Ctx, body: unknown): Promise<FormState | undefined> {
  return changeValuesByForm(await ownAttributes(ctx), body, {
    audience: 'user',
    change: (given, how) => changeOwnAttributes(ctx, given, how),
  })
}

/** The section; undefined where the user sees no attribute. */
export function ownAttributesSection(
  ctx: Ctx,
  say: Texts,
  shown: readonly ValuedAttribute[],
  { state, formToken, isSaved }: { readonly state: FormState; readonly formToken: Html; readonly isSaved: boolean },
): Html | undefined {
  const own = shown.filter(({ attribute }) => isChangeableBy(attribute, 'user'))
  const body = Object.fromEntries(own.slice(0, 1).map(({ attribute, value }) => [attribute.key, value]))
  const request =
    own.length === 0
      ? ({ method: 'GET', path: '/users/me/attributes' } as const)
      : ({ method: 'PATCH', path: '/users/me/attributes', body } as const)
  const api = apiEquivalent(say, ctx.config, request)
  const form = { audience: 'user', action: OWN_ATTRIBUTES_PATH, formToken, isSaved, api } as const
  return attributesSection(say, state, shown, form)
}
